package dev.candlewick.source.binance.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps the most recently used byte arrays within a fixed budget. Safe for use by many threads. */
final class RecentBytes<K> {
    /** A few monthly files: enough that a checksum and its zip are built once, little beside a small heap. */
    private static final long BUDGET_BYTES = 16 << 20;

    private final Map<K, byte[]> recent = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** What is kept under the key, or else what is made; two threads may make the same at once. */
    byte[] get(K key, Supplier<byte[]> maker) {
        return kept(key).orElseGet(() -> keep(key, maker.get()));
    }

    private synchronized Optional<byte[]> kept(K key) {
        return Optional.ofNullable(recent.get(key));
    }

    private synchronized byte[] keep(K key, byte[] made) {
        if (made.length > BUDGET_BYTES) {
            return made;
        }
        bytes += made.length
                - Optional.ofNullable(recent.put(key, made))
                        .map(old -> old.length)
                        .orElse(0);
        var oldestFirst = recent.values().iterator();
        while (bytes > BUDGET_BYTES) {
            bytes -= oldestFirst.next().length;
            oldestFirst.remove();
        }
        return made;
    }
}
