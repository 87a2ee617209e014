package dev.candlewick.http;

import java.time.Instant;
import java.util.Optional;

/** Remembers over restarts until when a pool must not be asked. Thread-safe. */
public interface BanStore {

    /** Forgets everything when the process ends. */
    BanStore NONE = new BanStore() {
        @Override
        public Optional<Instant> load(String pool) {
            return Optional.empty();
        }

        @Override
        public void save(String pool, Instant until) {}
    };

    /** Until when the pool is stopped, by this machine's clock; empty when nothing is known. */
    Optional<Instant> load(String pool);

    /** Remembers that the pool is stopped until this instant of this machine's clock; the last one saved counts. */
    void save(String pool, Instant until);
}
