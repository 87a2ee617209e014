package dev.candlewick.source.binance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last small files that were fetched and proven. Funding is read a day at a time and published a month at a time: of a
 * file that is still what was published only the checksum is asked for again. Thread-safe.
 */
final class KnownFiles {

    /** A month of funding has some kilobytes. */
    static final int LARGEST_BYTES = 1 << 18;

    private static final int MOST_FILES = 64;

    private final Map<TickFile, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TickFile, Known> eldest) {
            return size() > MOST_FILES;
        }
    };

    private final ReentrantLock[] locks = new ReentrantLock[16];

    /** A file as it was. */
    static final class Known {
        private final String sha256;
        private final byte[] zip;
        private final Instant at;

        /**
         * @param sha256 of its bytes, and what was published
         * @param at when it was fetched
         */
        Known(String sha256, Path zip, Instant at) throws IOException {
            this.sha256 = sha256;
            this.zip = Files.readAllBytes(zip);
            this.at = at;
        }

        String sha256() {
            return sha256;
        }

        Instant at() {
            return at;
        }

        void writeTo(Path file) throws IOException {
            Files.write(file, zip);
        }
    }

    KnownFiles() {
        Arrays.setAll(locks, i -> new ReentrantLock());
    }

    /** Whether files of this kind are kept: those of many days, of which each may be asked for by itself. */
    static boolean keeps(TickFile file) {
        return file.span() == ArchiveFile.Span.MONTHLY && !file.kind().isLarge();
    }

    /** Held while one is fetched, so that readers of its other days wait for it and do not fetch it as well. */
    ReentrantLock lock(TickFile file) {
        return locks[Math.floorMod(file.hashCode(), locks.length)];
    }

    /** The file, if it is still the one that is published. */
    synchronized Optional<Known> find(TickFile file, String published) {
        return Optional.ofNullable(known.get(file)).filter(each -> each.sha256.equals(published));
    }

    synchronized void add(TickFile file, Known fetched) {
        known.put(file, fetched);
    }
}
