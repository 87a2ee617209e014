package dev.candlewick.sink.parquet;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one place where files get their names. A file is written under a hidden temporary name in the directory where it
 * will stay, forced, closed, renamed atomically, and its directory forced: a torn file never has a final name, and what
 * was published survives a power cut. Safe for many threads.
 */
final class DurableFiles {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final Pattern TEMPORARY = Pattern.compile("\\.(.+)\\.([0-9a-f]{16})-\\d+\\.tmp");

    private final FileOperations files;
    private final AtomicLong drafts = new AtomicLong();
    private final Set<Path> durableDirectories = ConcurrentHashMap.newKeySet();
    private volatile boolean leftBehind;

    DurableFiles(FileOperations files) {
        this.files = files;
    }

    /** Whether a temporary file could not be deleted or got no final name, so that a sweep has to see to it. */
    boolean leftSomethingBehind() {
        return leftBehind;
    }

    /** Leaves the rest of a commit to the sweep of whoever opens the store next. */
    void leaveBehind() {
        leftBehind = true;
    }

    /**
     * Starts a file that will be published in the directory under some name.
     *
     * @param owner the session that writes it, by which a sweep knows whether anybody still does
     */
    Draft draft(Path directory, String name, String owner) throws IOException {
        makeDirectory(directory);
        Path temporary = directory.resolve("." + name + "." + owner + "-" + drafts.incrementAndGet() + ".tmp");
        return new Draft(temporary, files.create(temporary));
    }

    /** Publishes small content under a name, replacing what had it. */
    void publish(Path target, byte[] content, String owner) throws IOException {
        Draft draft = draft(parentOf(target), target.getFileName().toString(), owner);
        try {
            draft.write(content);
            draft.seal();
            publish(draft.path(), target);
        } catch (IOException | RuntimeException failed) {
            draft.discard();
            throw failed;
        }
    }

    /** Gives a sealed file its final name, replacing what had it. */
    void publish(Path sealed, Path target) throws IOException {
        files.move(sealed, target);
        files.forceDirectory(parentOf(target));
    }

    /** Makes the names in the directory durable. */
    void force(Path directory) throws IOException {
        files.forceDirectory(directory);
    }

    /** Removes a file for good; one that does not exist is fine. */
    void remove(Path file) throws IOException {
        files.delete(file);
        files.forceDirectory(parentOf(file));
    }

    /** Moves a file to another directory, durably in both. */
    void transfer(Path file, Path target) throws IOException {
        makeDirectory(parentOf(target));
        files.move(file, target);
        files.forceDirectory(parentOf(target));
        files.forceDirectory(parentOf(file));
    }

    /** Creates the directory and those above it, and makes their names durable, also when another process created them. */
    void makeDirectory(Path directory) throws IOException {
        if (durableDirectories.contains(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent == null) {
            return; // the root of the file system
        }
        if (!Files.isDirectory(directory)) {
            makeDirectory(parent);
            files.createDirectory(directory);
            files.forceDirectory(parent);
        } else if (Files.isWritable(parent)) {
            // Somebody else may have created it a moment ago and not have come to force it yet.
            files.forceDirectory(parent);
        }
        durableDirectories.add(directory);
    }

    /** The session that writes a temporary file; empty when the file is none. */
    static Optional<String> ownerOf(Path file) {
        Matcher name = TEMPORARY.matcher(file.getFileName().toString());
        return name.matches() ? Optional.of(name.group(2)) : Optional.empty();
    }

    /** The name under which a temporary file is to be published; any other file's own name. */
    static String finalName(Path file) {
        String name = file.getFileName().toString();
        Matcher temporary = TEMPORARY.matcher(name);
        return temporary.matches() ? temporary.group(1) : name;
    }

    /** The directory of a file. */
    static Path parentOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " has no directory");
        }
        return parent;
    }

    /** A file under its temporary name. For one thread. */
    final class Draft extends OutputStream {

        private final Path path;
        private final FileOperations.NewFile file;
        private final OutputStream buffered;
        private final MessageDigest digest = sha256();
        private long bytes;

        private Draft(Path path, FileOperations.NewFile file) {
            this.path = path;
            this.file = file;
            this.buffered = new BufferedOutputStream(file, BUFFER_BYTES);
        }

        Path path() {
            return path;
        }

        /** How many bytes were written. */
        long bytes() {
            return bytes;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] source, int from, int count) throws IOException {
            buffered.write(source, from, count);
            digest.update(source, from, count);
            bytes += count;
        }

        @Override
        public void flush() throws IOException {
            buffered.flush();
        }

        /**
         * Makes the bytes durable and closes the file; gives their SHA-256. When that fails the file is thrown away: the
         * kernel may have dropped its pages, and a second force would then report success for bytes that are gone.
         */
        String seal() throws IOException {
            try {
                buffered.flush();
                file.force();
                file.close();
            } catch (IOException failed) {
                discard();
                throw failed;
            }
            return HexFormat.of().formatHex(digest.digest());
        }

        /** Closes and deletes the file, as well as that goes: a sweep collects what stays behind. */
        void discard() {
            try {
                file.close();
            } catch (IOException unwritten) {
                // It is being thrown away.
            }
            try {
                files.delete(path);
            } catch (IOException leftForTheSweep) {
                leftBehind = true;
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
