package dev.candlewick.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps the end of each pool's ban in a small file, so that a program restarted during a ban stays silent.
 *
 * <p>A file that cannot be read or written is logged and otherwise ignored: the server will repeat itself. Safe for
 * several threads and processes; the last writer wins.
 */
public final class BanFiles implements BanStore {

    private static final System.Logger LOG = System.getLogger(BanFiles.class.getName());

    private final Path directory;

    private BanFiles(Path directory) {
        this.directory = directory;
    }

    /** Keeps the files in this directory, which is created when the first ban comes. */
    public static BanFiles in(Path directory) {
        return new BanFiles(directory);
    }

    /**
     * Keeps the files in this directory or, where none is named, in {@code .cache/candlewick} of the user's home, unless the
     * server is on this machine: then it is a simulation, whose next run has nothing to do with this one.
     *
     * @param baseUrl of the server, as {@link BaseUrl#of} gives it
     */
    public static BanStore usual(Optional<Path> directory, String baseUrl) {
        return directory.isEmpty() && BaseUrl.isLocal(baseUrl)
                ? BanStore.NONE
                : in(directory.orElseGet(() -> Path.of(System.getProperty("user.home", "."), ".cache", "candlewick")));
    }

    @Override
    public Optional<Instant> load(String pool) {
        Path file = file(pool);
        try {
            return Optional.of(Instant.parse(Files.readString(file).strip()));
        } catch (NoSuchFileException neverBanned) {
            return Optional.empty();
        } catch (IOException | DateTimeException unreadable) {
            LOG.log(Level.WARNING, "Cannot read the end of an earlier ban from {0}: {1}", file, unreadable);
            return Optional.empty();
        }
    }

    @Override
    public void save(String pool, Instant until) {
        Path file = file(pool);
        try {
            Files.createDirectories(directory);
            Path temporary = Files.createTempFile(directory, ".", ".tmp");
            try {
                Files.writeString(temporary, until + "\n");
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException unwritable) {
            LOG.log(Level.WARNING, "Cannot write the end of the ban of {0} to {1}: {2}", pool, file, unwritable);
        }
    }

    private Path file(String pool) {
        return directory.resolve("ban-" + URLEncoder.encode(pool, StandardCharsets.UTF_8) + ".txt");
    }
}
