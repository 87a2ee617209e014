package dev.candlewick.sink.parquet;

import dev.candlewick.Cancelled;
import dev.candlewick.Series;
import dev.candlewick.Unavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;

/**
 * One writer of a series at a time, among the threads of this process and among processes. Readers need none of it.
 *
 * <p>The lock files are a fixed few, chosen by a fixed hash of the series' text and never deleted, so that no two
 * processes ever lock two files of one name. Series that share one wait for each other without need, but only for the
 * length of a commit.
 */
final class SeriesLocks {

    private static final int FILES = 256;
    private static final long POLL_MILLIS = 20;

    // Per process and file, also across stores: a process cannot wait for its own file lock.
    private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

    private final Path directory;
    private final Duration patience;

    SeriesLocks(Path directory, Duration patience) {
        this.directory = directory;
        this.patience = patience;
    }

    /** What is done while a series is ours. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Waits until the series is ours, and does the work. */
    <T> T whileLocked(Series series, Work<T> work) throws IOException {
        Held held = lock(series);
        try {
            return work.run();
        } finally {
            held.release();
        }
    }

    private Held lock(Series series) throws IOException {
        CRC32 hash = new CRC32();
        hash.update(series.toString().getBytes(StandardCharsets.UTF_8));
        // The real path: two ways of writing one directory must meet at one lock.
        Path file = directory.toRealPath().resolve(String.format(Locale.ROOT, "%02x.lock", hash.getValue() % FILES));
        ReentrantLock ours = IN_PROCESS.computeIfAbsent(file, unseen -> new ReentrantLock());
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            if (!ours.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw tooLong(series, file);
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Waiting to commit " + series + " was interrupted; nothing of it was committed");
        }
        try {
            return new Held(ours, lockFile(series, file, deadline));
        } catch (IOException | RuntimeException | Error failed) {
            ours.unlock();
            throw failed;
        }
    }

    private FileChannel lockFile(Series series, Path file, long deadline) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            while (true) {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return channel;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw tooLong(series, file);
                }
                pause(series);
            }
        } catch (IOException | RuntimeException | Error failed) {
            channel.close();
            throw failed;
        }
    }

    private static void pause(Series series) {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Waiting to commit " + series + " was interrupted; nothing of it was committed");
        }
    }

    private Unavailable tooLong(Series series, Path file) {
        return new Unavailable("Another process or thread has been committing to " + series + " for more than "
                + patience + " (it holds " + file + "); nothing of this write was committed, run it again later");
    }

    /** A series that is ours until released. */
    private record Held(ReentrantLock thread, FileChannel process) {
        void release() throws IOException {
            try {
                process.close();
            } finally {
                thread.unlock();
            }
        }
    }
}
