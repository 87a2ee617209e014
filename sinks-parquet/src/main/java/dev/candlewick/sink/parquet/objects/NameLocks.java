package dev.candlewick.sink.parquet.objects;

import dev.candlewick.Cancelled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;

/** One writer of a name at a time, among threads and processes. The files are a fixed few and never deleted. Thread-safe. */
final class NameLocks {

    private static final int FILES = 32;

    // Per process and file, also across storages: a process cannot wait for its own file lock.
    private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

    private final Path directory;

    NameLocks(Path directory) {
        this.directory = directory;
    }

    /** What is done while a name is ours. */
    interface Work<T> {
        T run(Mark mark) throws IOException;
    }

    /**
     * The latest modification of anything that was deleted under a lock. It outlives what was deleted, so that a name which
     * is created again can be given a later one. Valid while the lock is held.
     */
    static final class Mark {

        private static final int BYTES = Long.BYTES + Integer.BYTES;

        private final FileChannel channel;

        private Mark(FileChannel channel) {
            this.channel = channel;
        }

        /** Empty as long as nothing was deleted. */
        Optional<Instant> latest() throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, bytes.position()) < 0) {
                    return Optional.empty();
                }
            }
            bytes.flip();
            return Optional.of(Instant.ofEpochSecond(bytes.getLong(), bytes.getInt()));
        }

        /** Notes the time of what is about to be deleted; it is on disk afterwards. */
        void moveTo(Instant deleted) throws IOException {
            if (latest().filter(latest -> !latest.isBefore(deleted)).isPresent()) {
                return;
            }
            ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                    .putLong(deleted.getEpochSecond())
                    .putInt(deleted.getNano())
                    .flip();
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
            channel.force(true);
        }
    }

    /** Waits until the name is ours, and does the work. */
    <T> T whileLocked(String name, Work<T> work) throws IOException {
        Files.createDirectories(directory);
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        // The real path: two ways of writing one directory must meet at one lock.
        Path file = directory.toRealPath().resolve(String.format(Locale.ROOT, "%02x.lock", hash.getValue() % FILES));
        ReentrantLock ours = IN_PROCESS.computeIfAbsent(file, unseen -> new ReentrantLock());
        try {
            ours.lockInterruptibly();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Waiting to write " + name + " was interrupted; nothing was changed");
        }
        try (FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("The lock on " + file + " was lost");
            }
            return work.run(new Mark(channel));
        } finally {
            ours.unlock();
        }
    }
}
