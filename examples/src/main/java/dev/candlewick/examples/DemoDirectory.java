package dev.candlewick.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the demo's store goes: never where something else is, because its candles are simulated. */
final class DemoDirectory {

    /** Says that everything in a directory is a demo's. */
    private static final String MARKER = ".candlewick-demo";

    private DemoDirectory() {}

    /**
     * The directory asked for, or a new one, marked as a demo's.
     *
     * @throws UsageException when it is a file, or holds what no demo put there
     */
    static Path open(Optional<String> asked) throws IOException {
        Path directory = asked.isPresent() ? checked(asked.get()) : Files.createTempDirectory("candlewick-demo-");
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(MARKER), "Simulated candles, made by 'candlewick demo'.\n");
        return directory;
    }

    private static Path checked(String asked) throws IOException {
        Path directory;
        try {
            directory = Path.of(asked);
        } catch (InvalidPathException unnameable) {
            throw new UsageException("--dir " + asked + " is no path: " + unnameable.getReason(), unnameable);
        }
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new UsageException("--dir " + asked + " is a file; the demo needs a new or an empty directory");
        }
        if (Files.isDirectory(directory) && !Files.exists(directory.resolve(MARKER)) && !isEmpty(directory)) {
            throw new UsageException("--dir " + asked + " is not empty, and simulated candles must not mix with others;"
                    + " choose a new or an empty directory, or that of an earlier demo");
        }
        return directory;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
