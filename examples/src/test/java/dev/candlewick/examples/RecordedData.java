package dev.candlewick.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the recorded venue data, which is not part of the project: tests that need it are skipped without it. */
final class RecordedData {

    private RecordedData() {}

    /** {@code CANDLEWICK_DATA}, or {@code shared/data} beside the project or one of its parents. */
    static Optional<Path> binance() {
        String named = System.getProperty("candlewick.data", System.getenv().getOrDefault("CANDLEWICK_DATA", ""));
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named, "binance")).filter(Files::isDirectory);
        }
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            Path data = directory.resolve("shared/data/binance");
            if (Files.isDirectory(data)) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }
}
