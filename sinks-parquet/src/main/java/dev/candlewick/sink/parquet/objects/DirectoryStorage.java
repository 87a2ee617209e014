package dev.candlewick.sink.parquet.objects;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Objects as files of a directory. A file is written aside, forced and renamed, so that whoever opens it has a whole one;
 * the version is the time of its last modification, which each write moves on, also beyond that of what had the name before
 * it was deleted. Writers of one name take turns.
 */
final class DirectoryStorage implements ObjectStorage {

    private static final System.Logger LOGGER = System.getLogger(DirectoryStorage.class.getName());

    /** What is no object: files being written, and locks. */
    private static final String OWN = ".objects";

    private static final Duration ABANDONED = Duration.ofDays(1);
    private static final int ATTEMPTS = 100;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final List<Duration> TICKS =
            List.of(Duration.ofNanos(1_000), Duration.ofMillis(1), Duration.ofSeconds(2));

    private final Path root;
    private final Clock clock;
    private final NameLocks locks;

    DirectoryStorage(Path root, Clock clock) {
        this.root = root.toAbsolutePath().normalize();
        this.clock = clock;
        this.locks = new NameLocks(this.root.resolve(OWN).resolve("locks"));
        collectAbandoned();
    }

    @Override
    public String name() {
        return "directory:" + root;
    }

    @Override
    public Optional<ObjectHead> head(String name) {
        Path file = file(name);
        try {
            return headOf(name, file);
        } catch (IOException failed) {
            throw failed("Looking at " + file, failed);
        }
    }

    @Override
    public Optional<ObjectPart> read(String name, Optional<ObjectVersion> version, long offset, int count) {
        if (offset < 0 || count < 0) {
            throw new IllegalArgumentException("There are no " + count + " bytes at " + offset);
        }
        return stretch(name, version, length -> new long[] {Math.min(offset, length), count});
    }

    @Override
    public Optional<ObjectPart> readEnd(String name, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("There are no last " + count + " bytes");
        }
        return stretch(name, Optional.empty(), length -> new long[] {Math.max(0, length - count), count});
    }

    private interface Stretch {
        long[] of(long length);
    }

    // A file is never changed, only replaced: the same version before and after opening it is that of the open file.
    private Optional<ObjectPart> stretch(String name, Optional<ObjectVersion> version, Stretch which) {
        Path file = file(name);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<ObjectHead> head = headOf(name, file);
                if (head.isEmpty()
                        || version.filter(meant -> !meant.equals(head.get().version()))
                                .isPresent()) {
                    return Optional.empty();
                }
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    if (headOf(name, file).equals(head)) {
                        long[] stretch = which.of(head.get().bytes());
                        int count = (int) Math.min(stretch[1], head.get().bytes() - stretch[0]);
                        return Optional.of(
                                new ObjectPart(head.get(), stretch[0], bytes(file, channel, stretch[0], count)));
                    }
                } catch (NoSuchFileException replaced) {
                    // Deleted in between; the next look says so.
                }
            }
        } catch (IOException failed) {
            throw failed("Reading " + file, failed);
        }
        throw new Unavailable(file + " was replaced " + ATTEMPTS + " times while it was being opened; read it later");
    }

    private static byte[] bytes(Path file, FileChannel channel, long offset, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new Corrupt(file + " became shorter while it was read: something else than this storage writes to"
                        + " the directory");
            }
        }
        return bytes.array();
    }

    @Override
    public Optional<ObjectHead> write(String name, ObjectBytes content, Precondition precondition) {
        Path file = file(name);
        String tried = "Writing " + file;
        Optional<Path> written = Optional.empty();
        try {
            Path aside = writtenAside(content);
            written = Optional.of(aside);
            return locks.whileLocked(name, mark -> {
                Optional<ObjectHead> now = headOf(name, file);
                if (!now.map(ObjectHead::version).equals(precondition.version())) {
                    return now.isPresent() && now.get().bytes() == content.length() && isSame(file, aside)
                            ? now
                            : Optional.empty();
                }
                Optional<Instant> last = Stream.concat(now.map(ObjectHead::updated).stream(), mark.latest().stream())
                        .max(Comparator.naturalOrder());
                moveOn(aside, last);
                return Optional.of(publish(name, aside, file));
            });
        } catch (IOException failed) {
            throw failed(tried, failed);
        } finally {
            written.ifPresent(DirectoryStorage::deleteQuietly);
        }
    }

    private Path writtenAside(ObjectBytes content) throws IOException {
        Path directory = root.resolve(OWN).resolve("new");
        Files.createDirectories(directory);
        Path aside = Files.createTempFile(directory, "object", ".tmp");
        long length = 0;
        try (InputStream from = content.open();
                FileChannel to = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count); bytes.hasRemaining(); ) {
                    length += to.write(bytes);
                }
            }
            to.force(true);
        } catch (IOException | RuntimeException failed) {
            deleteQuietly(aside);
            throw failed;
        }
        if (length != content.length()) {
            deleteQuietly(aside);
            throw new IllegalArgumentException(
                    "The content says that it has " + content.length() + " bytes and has " + length);
        }
        return aside;
    }

    private ObjectHead publish(String name, Path aside, Path file) throws IOException {
        for (int attempt = 1; ; attempt++) {
            boolean newDirectory = !Files.isDirectory(parent(file));
            try {
                Files.createDirectories(parent(file));
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException vanished) {
                // A deletion removes directories that have become empty.
                if (attempt == ATTEMPTS) {
                    throw vanished;
                }
                continue;
            }
            try {
                force(file, newDirectory);
                return headOf(name, file).orElseThrow(() -> new NoSuchFileException(file.toString()));
            } catch (IOException failed) {
                throw isEndedOnRequest(failed)
                        ? new Cancelled(
                                "Writing " + file + " was interrupted at its end; write it again to be sure", failed)
                        : new Unconfirmed(
                                "Writing " + file + " met an error of the disk at its end (" + message(failed)
                                        + "); write it again to be sure",
                                failed);
            }
        }
    }

    // However coarse the file system's times and whatever the clock says, the new version differs from every earlier
    // one.
    private void moveOn(Path aside, Optional<Instant> last) throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (last.isEmpty() || now.isAfter(last.get())) {
            Files.setLastModifiedTime(aside, FileTime.from(now));
        }
        for (Duration tick : TICKS) {
            if (last.isEmpty() || Files.getLastModifiedTime(aside).toInstant().isAfter(last.get())) {
                return;
            }
            Files.setLastModifiedTime(aside, FileTime.from(last.get().plus(tick)));
        }
    }

    private void force(Path file, boolean newDirectory) throws IOException {
        Path directory = parent(file);
        forceDirectory(directory);
        while (newDirectory && !directory.equals(root)) {
            directory = parent(directory);
            forceDirectory(directory);
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        return Files.mismatch(one, other) < 0;
    }

    @Override
    public boolean delete(String name, ObjectVersion version) {
        Path file = file(name);
        try {
            if (headOf(name, file).isEmpty()) {
                return true;
            }
            return locks.whileLocked(name, mark -> {
                Optional<ObjectHead> now = headOf(name, file);
                if (now.isEmpty()) {
                    return true;
                }
                if (!now.get().version().equals(version)) {
                    return false;
                }
                // Before: whoever creates the name again must not give it this version.
                mark.moveTo(now.get().updated());
                Files.deleteIfExists(file);
                forceDirectory(parent(file));
                deleteEmptyParents(file);
                return true;
            });
        } catch (IOException failed) {
            throw failed("Deleting " + file, failed);
        }
    }

    private void deleteEmptyParents(Path file) throws IOException {
        for (Path directory = parent(file); !directory.equals(root); directory = parent(directory)) {
            try {
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException inUse) {
                return;
            }
        }
    }

    @Override
    public ObjectListing list(String prefix) {
        String checked = ObjectNames.checkedPrefix(prefix);
        Path directory = checked.isEmpty() ? root : file(checked.substring(0, checked.length() - 1));
        List<ObjectHead> objects = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = checked + entry.getFileName();
                if (name.equals(OWN)) {
                    continue;
                }
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    prefixes.add(name + "/");
                } else {
                    headOf(name, entry).ifPresent(objects::add);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return new ObjectListing(List.of(), List.of());
        } catch (DirectoryIteratorException failed) {
            IOException cause = failed.getCause();
            throw failed("Listing " + directory, cause == null ? new IOException(failed) : cause);
        } catch (IOException failed) {
            throw failed("Listing " + directory, failed);
        }
        objects.sort(Comparator.comparing(ObjectHead::name));
        prefixes.sort(null);
        return new ObjectListing(objects, prefixes);
    }

    @Override
    public String toString() {
        return name();
    }

    private static Optional<ObjectHead> headOf(String name, Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                return Optional.empty();
            }
            Instant updated = attributes.lastModifiedTime().toInstant();
            ObjectVersion version = new ObjectVersion(String.format(
                    Locale.ROOT, "%d.%09d-%d", updated.getEpochSecond(), updated.getNano(), attributes.size()));
            return Optional.of(new ObjectHead(name, version, attributes.size(), updated));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (FileSystemException notBelow) {
            // Linux says of a path through a file that something on it is no directory.
            if (message(notBelow).toLowerCase(Locale.ROOT).contains("not a directory")) {
                return Optional.empty();
            }
            throw notBelow;
        }
    }

    private Path file(String name) {
        ObjectNames.checked(name);
        try {
            Path file = root.resolve(name).normalize();
            if (file.startsWith(root) && !file.equals(root) && !file.startsWith(root.resolve(OWN))) {
                return file;
            }
        } catch (InvalidPathException unnameable) {
            throw new Refused(
                    root + " cannot hold an object named '" + name + "': " + unnameable.getMessage(), unnameable);
        }
        throw new IllegalArgumentException("'" + name + "' does not name an object in " + root);
    }

    // Whatever has been there for so long was left by a process that died; nobody will finish it.
    private void collectAbandoned() {
        Path directory = root.resolve(OWN).resolve("new");
        Instant limit = clock.instant().minus(ABANDONED);
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.tmp")) {
                for (Path file : files) {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                        Files.deleteIfExists(file);
                    }
                }
            } catch (IOException | DirectoryIteratorException left) {
                LOGGER.log(System.Logger.Level.DEBUG, "Leftovers in {0} stay", directory);
            }
        }
    }

    private static void deleteQuietly(Path aside) {
        try {
            Files.deleteIfExists(aside);
        } catch (IOException left) {
            LOGGER.log(System.Logger.Level.DEBUG, "{0} stays until it is collected", aside);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    private static boolean isEndedOnRequest(IOException cause) {
        return cause instanceof AsynchronousCloseException
                || cause instanceof FileLockInterruptionException
                || (cause instanceof ClosedChannelException
                        && Thread.currentThread().isInterrupted());
    }

    private static MarketDataException failed(String tried, IOException cause) {
        String what = message(cause);
        String lower = what.toLowerCase(Locale.ROOT);
        if (isEndedOnRequest(cause)) {
            return new Cancelled(tried + " was interrupted; run the same again", cause);
        } else if (cause instanceof AccessDeniedException
                || lower.contains("permission denied")
                || lower.contains("read-only file system")) {
            return new Refused(
                    tried + " failed: " + what + ". Give this user access to the directory, or give another one",
                    cause);
        } else if (cause instanceof FileAlreadyExistsException
                || lower.contains("is a directory")
                || lower.contains("not a directory")
                || lower.contains("file name too long")) {
            return new Refused(
                    tried + " failed: " + what
                            + ". A file system cannot hold an object of this name beside what is there",
                    cause);
        }
        return new Unavailable(
                tried + " failed: " + what + ". Nothing was changed; see to the disk and run the same again", cause);
    }

    private static String message(IOException error) {
        String message = error.getMessage();
        return error instanceof FileSystemException named && named.getReason() == null
                ? error.getClass().getSimpleName() + " " + named.getFile()
                : message == null ? error.getClass().getSimpleName() : message;
    }
}
