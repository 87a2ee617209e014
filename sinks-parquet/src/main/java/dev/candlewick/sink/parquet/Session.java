package dev.candlewick.sink.parquet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A process that writes to a directory, as others see it: a file that it keeps locked. Temporary files carry its id; when
 * nobody holds the lock any more, nobody will finish them. The lock ends with the process, however that ends.
 */
final class Session implements AutoCloseable {

    private static final String PREFIX = ".session-";
    private static final String SUFFIX = ".lock";
    private static final SecureRandom RANDOM = new SecureRandom();

    // Opening and closing a second channel on a file drops this process's lock on it (POSIX), so our own are never
    // probed.
    private static final Set<String> OURS = ConcurrentHashMap.newKeySet();

    private final String id;
    private final Path file;
    private final FileChannel channel;

    private Session(String id, Path file, FileChannel channel) {
        this.id = id;
        this.file = file;
        this.channel = channel;
    }

    static Session begin(Path directory) throws IOException {
        while (true) {
            byte[] random = new byte[8];
            RANDOM.nextBytes(random);
            String id = HexFormat.of().formatHex(random);
            Path file = file(directory, id);
            OURS.add(id);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // A sweep that saw the file before it was locked takes it for dead and deletes it; then it is not ours.
            if (channel.tryLock() != null && Files.exists(file)) {
                return new Session(id, file, channel);
            }
            channel.close();
            OURS.remove(id);
        }
    }

    String id() {
        return id;
    }

    /** The sessions in a directory that are dead: those of processes that ended without closing them. */
    static List<String> dead(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX) && name.endsWith(SUFFIX))
                    .map(name -> name.substring(PREFIX.length(), name.length() - SUFFIX.length()))
                    .filter(id -> !isAlive(directory, id))
                    .toList();
        }
    }

    private static Path file(Path directory, String id) {
        return directory.resolve(PREFIX + id + SUFFIX);
    }

    /** Whether the process of that session still runs. In doubt it does. */
    static boolean isAlive(Path directory, String id) {
        if (OURS.contains(id)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file(directory, id), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (NoSuchFileException ended) {
            return false;
        } catch (IOException | OverlappingFileLockException doubtful) {
            return true;
        }
    }

    /** Deletes the file of a session that is dead, unless it just came to life. */
    static void bury(Path directory, String id) throws IOException {
        if (OURS.contains(id)) {
            return;
        }
        Path file = file(directory, id);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException | OverlappingFileLockException buriedByOthers) {
            // Nothing is left to do.
        }
    }

    /** Ends the session but leaves its file, as a crash would: the next store to open sweeps. */
    void abandon() {
        try {
            channel.close();
        } catch (IOException closedAnyway) {
            // The lock ends with the process at the latest.
        }
        OURS.remove(id);
    }

    /** Ends the session; a file that cannot be deleted now is collected by a sweep. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException leftForTheSweep) {
            // It is unlocked by now, which is what counts.
        }
        OURS.remove(id);
    }
}
