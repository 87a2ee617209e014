package dev.candlewick.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Recorded venue data, where this machine has it: in the directory that {@code candlewick.data} or {@code CANDLEWICK_DATA}
 * names, or in {@code shared/data} beside the project or one of its parents. Tests that need it are skipped elsewhere.
 */
public final class RecordedData {

    private RecordedData() {}

    /** A file or folder such as {@code binance/vision}; skips the test without it. */
    public static Path file(String name) {
        Optional<Path> file = root().map(root -> root.resolve(name)).filter(Files::exists);
        assumeTrue(file.isPresent(), "no recorded data " + name);
        return file.orElseThrow();
    }

    /** What a file holds, without the packing where its name ends with {@code .gz}; skips the test without it. */
    public static byte[] bytes(String name) throws IOException {
        Path file = file(name);
        try (InputStream input = Files.newInputStream(file)) {
            return name.endsWith(".gz") ? new GZIPInputStream(input).readAllBytes() : input.readAllBytes();
        }
    }

    /** Where all of it lies. */
    public static Optional<Path> root() {
        String named = System.getProperty("candlewick.data", System.getenv("CANDLEWICK_DATA"));
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        for (Path at = Path.of(System.getProperty("user.dir")).toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("shared/data"))) {
                return Optional.of(at.resolve("shared/data"));
            }
        }
        return Optional.empty();
    }
}
