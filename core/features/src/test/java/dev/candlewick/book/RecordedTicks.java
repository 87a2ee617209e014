package dev.candlewick.book;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Recorded data, where this machine has it, as batches; tests that need it are skipped elsewhere. */
public final class RecordedTicks {

    private static final int BATCH_ROWS = 50_000;

    private RecordedTicks() {}

    /** The rows of a file of level changes. */
    static List<Batch> changes(String venue, String name) throws IOException {
        Series series = series(venue, Dataset.BOOK_CHANGES);
        return read(name, series, (builder, cells) -> {
            builder.time(0).append(Long.parseLong(cells[2]));
            builder.time(1).append(Long.parseLong(cells[3]));
            builder.bool(2).append(Boolean.parseBoolean(cells[4]));
            builder.text(3).append(cells[5]);
            decimal(builder, 4, cells[6]);
            decimal(builder, 5, cells[7]);
        });
    }

    /** The rows of a file of quotes or book snapshots, whose columns stand in the order of the dataset's. */
    static List<Batch> books(String venue, String name, Dataset dataset) throws IOException {
        Series series = series(venue, dataset);
        int columns = series.schema().fields().size();
        return read(name, series, (builder, cells) -> {
            builder.time(0).append(Long.parseLong(cells[2]));
            builder.time(1).append(Long.parseLong(cells[3]));
            for (int column = 2; column < columns; column++) {
                decimal(builder, column, cells[column + 2]);
            }
        });
    }

    /** The lines of a recorded file, unpacked. */
    public static List<String> lines(String name) throws IOException {
        Path file = file(name);
        try (InputStream input = Files.newInputStream(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(
                        name.endsWith(".gz") ? new GZIPInputStream(input) : input, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    static Series series(String venue, Dataset dataset) {
        return new Series(new Subject(venue.toUpperCase(Locale.ROOT), "RECORDED", "BTCUSDT"), dataset);
    }

    private interface Row {
        void append(BatchBuilder builder, String[] cells);
    }

    private static List<Batch> read(String name, Series series, Row row) throws IOException {
        List<Batch> batches = new ArrayList<>();
        BatchBuilder builder = new BatchBuilder(series, BATCH_ROWS);
        List<String> lines = lines(name);
        for (String line : lines.subList(1, lines.size())) {
            row.append(builder, line.split(",", -1));
            builder.endRow();
            if (builder.rows() == BATCH_ROWS) {
                batches.add(builder.build());
            }
        }
        batches.add(builder.build());
        return batches;
    }

    private static void decimal(BatchBuilder builder, int column, String text) {
        if (text.isEmpty()) {
            builder.decimal(column).appendNull();
        } else {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            builder.decimal(column).appendText(bytes, 0, bytes.length);
        }
    }

    private static Path file(String name) {
        Optional<Path> file = root().map(root -> root.resolve(name)).filter(Files::exists);
        assumeTrue(file.isPresent(), "no recorded data " + name);
        return file.orElseThrow();
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
