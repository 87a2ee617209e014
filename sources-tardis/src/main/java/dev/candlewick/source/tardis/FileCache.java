package dev.candlewick.source.tardis;

import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Files of Tardis in one directory, named as Tardis' own clients name them. A file under its own name is complete: it is
 * written under another one, forced to disk and renamed. Beside it lies {@code NAME.sha256}, which {@code sha256sum -c}
 * can check and whose comments say what version it is. Safe for many threads and processes.
 */
final class FileCache {

    private static final System.Logger LOG = System.getLogger(FileCache.class.getName());
    private static final String UNCONFIRMED = ".unconfirmed";
    private static final String SIDECAR = ".sha256";
    private static final String STALE = "stale";
    private static final int BUFFER_BYTES = 1 << 16;

    /** No download takes that long; what is older was left behind by a process that was killed. */
    private static final Duration LEFT_BEHIND = Duration.ofDays(2);

    private final Path directory;
    private final Clock clock;
    private final AtomicBoolean swept = new AtomicBoolean();
    /** Files whose bytes were hashed here, as they were then; one that has changed since is hashed again. */
    private final Map<Path, Hashed> hashed = new ConcurrentHashMap<>();

    private record Hashed(long bytes, FileTime written, String sha256) {}

    FileCache(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    Path directory() {
        return directory;
    }

    Path path(DatasetFile file) {
        return directory.resolve(file.localName());
    }

    /**
     * The copy of a file, unless it is known to be an old version or damaged. A file that something else put there, such
     * as one of Tardis' own clients, counts. Bytes are compared with their checksum when this sees them first, and when
     * the file has changed since.
     */
    Optional<CachedCopy> find(DatasetFile file) {
        Path path = path(file);
        try {
            long bytes = Files.size(path);
            Optional<Map<String, String>> notes = notes(path);
            if (notes.isEmpty()) {
                return Optional.of(adopt(path, bytes));
            }
            Optional<CachedCopy> noted = copy(path, bytes, notes.get());
            return noted.isPresent() && noted.get().sha256().equals(sha256(path)) ? noted : Optional.empty();
        } catch (NoSuchFileException notThere) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw cannot("read", path, unreadable);
        }
    }

    /** A name to write a file under until it is complete. */
    Path unconfirmed(DatasetFile file) {
        try {
            Files.createDirectories(directory);
        } catch (IOException unwritable) {
            throw cannot("write to", directory, unwritable);
        }
        if (swept.compareAndSet(false, true)) {
            sweep();
        }
        return directory.resolve(file.localName() + "." + UUID.randomUUID() + UNCONFIRMED);
    }

    /** Gives a complete file, already forced to disk, its own name; what was there before is replaced. */
    CachedCopy confirm(DatasetFile file, Path unconfirmed, String url, CachedCopy copy) {
        Path path = path(file);
        try {
            // The old notes go first: beside the new file they would be wrong.
            Files.deleteIfExists(sidecar(path));
            Files.move(unconfirmed, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory();
        } catch (IOException unwritable) {
            throw cannot("write", path, unwritable);
        }
        CachedCopy confirmed = new CachedCopy(path, copy.bytes(), copy.sha256(), copy.version(), copy.askedAt());
        rememberHash(confirmed);
        note(path, confirmed, url, "");
        return confirmed;
    }

    /** Remembers that the copy is damaged or an old version: it is not used again, and is replaced by the next download. */
    void setAside(DatasetFile file, String reason) {
        Path path = path(file);
        try {
            if (Files.exists(path)) {
                CachedCopy copy = new CachedCopy(path, Files.size(path), "", "", clock.instant());
                note(path, copy, "", STALE + " " + reason);
            }
        } catch (IOException unreadable) {
            LOG.log(Level.WARNING, "Cannot mark {0} as not to be used: {1}", path, unreadable);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** What the system says; of a failure whose message is only a name, what kind it is as well. */
    private static String reason(IOException cause) {
        return cause.getClass() == IOException.class || cause instanceof FileNotFoundException
                ? String.valueOf(cause.getMessage())
                : cause.toString();
    }

    static Refused cannot(String what, Path path, IOException cause) {
        return new Refused(
                "Cannot " + what + " " + path + ": " + reason(cause)
                        + ". Check the disk's space and the directory's rights, or" + " use another cache directory.",
                cause);
    }

    private static Optional<CachedCopy> copy(Path path, long bytes, Map<String, String> notes) {
        String sha256 = notes.getOrDefault("sha256", "");
        boolean usable =
                !notes.containsKey(STALE) && notes.getOrDefault("bytes", "").equals(Long.toString(bytes));
        if (!usable || sha256.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new CachedCopy(path, bytes, sha256, notes.getOrDefault("version", ""), asked(notes.get("asked"))));
    }

    private static Instant asked(@org.jspecify.annotations.Nullable String text) {
        try {
            return text == null ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException notOurs) {
            return Instant.EPOCH;
        }
    }

    private CachedCopy adopt(Path path, long bytes) throws IOException {
        Instant written = Files.getLastModifiedTime(path).toInstant();
        CachedCopy copy = new CachedCopy(path, bytes, sha256(path), "", written);
        note(path, copy, "", "");
        return copy;
    }

    /** What was hashed on its way need not be read again. */
    private void rememberHash(CachedCopy copy) {
        try {
            FileTime written = Files.getLastModifiedTime(copy.path());
            hashed.put(copy.path(), new Hashed(copy.bytes(), written, copy.sha256()));
        } catch (IOException unreadable) {
            hashed.remove(copy.path());
        }
    }

    private String sha256(Path path) throws IOException {
        long bytes = Files.size(path);
        FileTime written = Files.getLastModifiedTime(path);
        Hashed before = hashed.get(path);
        if (before != null && before.bytes == bytes && before.written.equals(written)) {
            return before.sha256;
        }
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream input = Files.newInputStream(path)) {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        hashed.put(path, new Hashed(bytes, written, sha256));
        return sha256;
    }

    /** What is noted of a file; empty when there are no notes or they are not ours. */
    private static Optional<Map<String, String>> notes(Path path) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(sidecar(path), StandardCharsets.UTF_8);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        Map<String, String> notes = new HashMap<>();
        for (String line : lines) {
            if (line.startsWith("# ")) {
                String[] words = line.substring(2).split(" ", 2);
                notes.put(words[0], words.length == 2 ? words[1] : "");
            } else if (line.length() > 64) {
                notes.put("sha256", line.substring(0, 64));
            }
        }
        return Optional.of(notes);
    }

    private void note(Path path, CachedCopy copy, String url, String stale) {
        StringBuilder text = new StringBuilder();
        if (!url.isEmpty()) {
            text.append("# from ").append(url).append('\n');
        }
        if (!copy.version().isEmpty()) {
            text.append("# version ").append(copy.version()).append('\n');
        }
        text.append("# bytes ").append(copy.bytes()).append('\n');
        text.append("# asked ").append(copy.askedAt()).append('\n');
        if (!stale.isEmpty()) {
            text.append("# ").append(stale.replaceAll("\\p{Cntrl}+", " ")).append('\n');
        }
        if (!copy.sha256().isEmpty()) {
            text.append(copy.sha256()).append("  ").append(path.getFileName()).append('\n');
        }
        Path temporary = directory.resolve(path.getFileName() + SIDECAR + "." + UUID.randomUUID() + UNCONFIRMED);
        try {
            try (FileOutputStream output = new FileOutputStream(temporary.toFile())) {
                output.write(text.toString().getBytes(StandardCharsets.UTF_8));
                output.getFD().sync();
            }
            Files.move(temporary, sidecar(path), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory();
        } catch (IOException unwritable) {
            // The file itself is complete; it is hashed again by whoever reads it next.
            LOG.log(Level.WARNING, "Cannot write the notes of {0}: {1}", path, unwritable);
            delete(temporary);
        }
    }

    private void sweep() {
        Instant old = clock.instant().minus(LEFT_BEHIND);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*" + UNCONFIRMED)) {
            for (Path each : left) {
                if (Files.getLastModifiedTime(each).toInstant().isBefore(old)) {
                    delete(each);
                }
            }
        } catch (IOException unreadable) {
            LOG.log(Level.DEBUG, "Cannot look for unfinished downloads in {0}: {1}", directory, unreadable);
        }
    }

    static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException stays) {
            LOG.log(Level.DEBUG, "Cannot delete {0}: {1}", path, stays);
        }
    }

    private void forceDirectory() {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException systemCannot) {
            // Not every system can force a folder; what is lost by that is fetched again by the next run.
        }
    }

    private static Path sidecar(Path path) {
        return path.resolveSibling(path.getFileName() + SIDECAR);
    }

    /** The error of a copy that vanished while it was being opened. */
    static Unavailable vanished(DatasetFile file, IOException cause) {
        return new Unavailable("The copy of " + file + " cannot be opened: " + cause + "; read it again", cause);
    }
}
