package dev.candlewick.feature;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Recorded ticks as batches, where this machine has them; tests that need them are skipped elsewhere. */
final class RecordedTicks {

    private RecordedTicks() {}

    static List<String> lines(String name) {
        Optional<Path> file = root().map(root -> root.resolve(name)).filter(Files::exists);
        assumeTrue(file.isPresent(), "no recorded data " + name);
        try (InputStream input = Files.newInputStream(file.orElseThrow())) {
            byte[] bytes = name.endsWith(".gz") ? new GZIPInputStream(input).readAllBytes() : input.readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Batch trades(Subject subject, String file) {
        BatchBuilder rows = new BatchBuilder(new Series(subject, Dataset.TRADES), 1_024);
        for (String line : lines(file).subList(1, lines(file).size())) {
            String[] cells = line.split(",", -1);
            rows.row(
                    Long.parseLong(cells[2]),
                    Long.parseLong(cells[3]),
                    cells[4].isEmpty() ? null : cells[4],
                    cells[5],
                    cells[6],
                    cells[7]);
        }
        return rows.build();
    }

    static Batch book(Subject subject, int levels, String file) {
        BatchBuilder rows = new BatchBuilder(new Series(subject, Dataset.book(levels)), 1_024);
        for (String line : lines(file).subList(1, lines(file).size())) {
            String[] cells = line.split(",", -1);
            Object[] values = new Object[2 + 4 * levels];
            values[0] = Long.parseLong(cells[2]);
            values[1] = Long.parseLong(cells[3]);
            for (int i = 2; i < values.length; i++) {
                values[i] = cells[i + 2].isEmpty() ? null : cells[i + 2];
            }
            rows.row(values);
        }
        return rows.build();
    }

    /** Puts rows into a store, as covering the range. */
    static void write(MemoryStore store, Batch rows, TimeRange range) {
        store.write(Batches.of(rows.series(), range, List.of(rows), Provenance.none()));
    }

    private static Optional<Path> root() {
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
