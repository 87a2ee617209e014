package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NumberTextsTest {

    private static final Schema SCHEMA =
            new Schema(List.of(Field.time("t"), Field.text("id").orNull()), "t", List.of("t"));
    private static final Series SERIES =
            new Series(Subject.parse("TEST:TEXT:IDS"), new Dataset("ids", SCHEMA, Cadence.events()));
    private static final WriteOptions SMALL = new WriteOptions(1, 500, 20_000);
    private static final int ROWS = 30_000;

    @TempDir
    Path directory;

    @Test
    void idsComeBackAsTheyWereAndOthersReadThem() throws Exception {
        Random random = new Random(1);
        check("ascending", row -> Long.toString(99_990_000L + row));
        check("gaps", row -> Long.toString(1_000L * row + row % 7));
        check("any", row -> Long.toString(random.nextLong(1L << random.nextInt(1, 59))));
        check("few", row -> Long.toString(row % 3));
        check("nulls", row -> row % 5 == 0 ? null : Long.toString(4_378_206_391L + row));
        check("nulls alone", row -> null);
        check("one text", row -> row == 25_000 ? "x" : Long.toString(4_378_206_391L + row));
        check("leading zeros", row -> "0" + row);
        check("texts", row -> "ccc3c1fa-212c-e8b0-1706-" + row);
    }

    private void check(String name, IntFunction<@Nullable String> texts) throws Exception {
        List<@Nullable String> all = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            all.add(texts.apply(row));
        }
        Path file = directory.resolve(name.replace(' ', '_') + ".parquet");
        Files.write(file, bytes(all, 65_536, ""));
        // Equal rows give equal bytes, however they are cut and however their columns hold them.
        assertThat(bytes(all, 700, "")).as(name).isEqualTo(Files.readAllBytes(file));
        assertThat(bytes(all, 700, "a text first")).as(name).isEqualTo(Files.readAllBytes(file));
        int row = 0;
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            Iterator<Batch> batches = reader.read(SERIES, new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)));
            while (batches.hasNext()) {
                TextColumn column = batches.next().texts("id");
                for (int i = 0; i < column.size(); i++, row++) {
                    assertThat(column.isNull(i) ? null : column.value(i)).isEqualTo(all.get(row));
                }
            }
        }
        assertThat(row).isEqualTo(ROWS);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM read_parquet('" + file + "') ORDER BY t")) {
            for (String expected : all) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo(expected);
            }
        }
        // Bounds are those of texts: a reader that trusts them finds every id.
        String some = all.get(12_345);
        if (some != null) {
            try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = duck.createStatement();
                    ResultSet found = statement.executeQuery(
                            "SELECT count(*) FROM read_parquet('" + file + "') WHERE id = '" + some + "'")) {
                found.next();
                assertThat(found.getLong(1))
                        .isEqualTo(all.stream().filter(some::equals).count());
            }
        }
    }

    private static byte[] bytes(List<@Nullable String> texts, int rowsPerBatch, String first) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ParquetFileWriter writer = ParquetFileWriter.to(out, SCHEMA, Map.of(), SMALL)) {
            for (int from = 0; from < texts.size(); from += rowsPerBatch) {
                Batch batch = batch(texts, from, Math.min(texts.size(), from + rowsPerBatch), first);
                writer.write(batch.slice(first.isEmpty() ? 0 : 1, batch.rows()));
            }
            writer.finish();
        }
        return out.toByteArray();
    }

    /** A text before the others makes them texts of a dictionary. */
    private static Batch batch(List<@Nullable String> texts, int from, int to, String first) {
        BatchBuilder builder = new BatchBuilder(SERIES, to - from + 1);
        if (!first.isEmpty()) {
            builder.row(from == 0 ? 0L : from - 1L, first);
        }
        for (int row = from; row < to; row++) {
            builder.row((long) row, texts.get(row));
        }
        return builder.build();
    }
}
