package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuckDbTest {

    @TempDir
    Path directory;

    private Connection duckDb;

    @BeforeEach
    void connect() throws SQLException {
        duckDb = DriverManager.getConnection("jdbc:duckdb:");
        execute("SET TimeZone = 'UTC'");
        execute("SET threads = 1");
    }

    @AfterEach
    void disconnect() throws SQLException {
        duckDb.close();
    }

    @Test
    void ourColumnsHaveExactTypes() throws Exception {
        Path file = written(Samples.candles(10), WriteOptions.DEFAULT);
        assertThat(rows("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '" + file + "')"))
                .containsExactly(
                        "open_time|TIMESTAMP WITH TIME ZONE",
                        "open|DECIMAL(18,8)",
                        "high|DECIMAL(18,8)",
                        "low|DECIMAL(18,8)",
                        "close|DECIMAL(18,8)",
                        "volume|DECIMAL(38,8)",
                        "close_time|TIMESTAMP WITH TIME ZONE",
                        "quote_volume|DECIMAL(38,8)",
                        "trades|BIGINT",
                        "taker_buy_volume|DECIMAL(38,8)",
                        "taker_buy_quote_volume|DECIMAL(38,8)");
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "300", "1000000"})
    void everyValueOfOursIsReadAsWritten(int variety) throws Exception {
        Batch batch = Samples.everything(new Random(variety), 3_000, variety);
        Path file = written(batch, new WriteOptions(3, 700, 1_900));
        List<String> expected = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            StringBuilder line = new StringBuilder();
            for (String column : List.of("small", "price", "odd", "wide", "fee", "maybe")) {
                line.append(
                                batch.decimals(column).isNull(row)
                                        ? null
                                        : batch.decimals(column).get(row).toPlainString())
                        .append('|');
            }
            line.append(batch.times().epochMicros(row)).append('|');
            line.append(batch.longs("id").value(row)).append('|');
            line.append(batch.booleans("flag").value(row)).append('|');
            line.append(
                    batch.texts("note").isNull(row) ? null : batch.texts("note").value(row));
            expected.add(line.toString());
        }
        assertThat(rows("SELECT small, price, odd, wide, fee, maybe, epoch_us(\"at\"), id, flag, note FROM '" + file
                        + "'"))
                .isEqualTo(expected);
    }

    @Test
    void itFindsRowsOfOursByStatistics() throws Exception {
        Path file = written(Samples.candles(100_000), new WriteOptions(3, 4_096, 20_000));
        assertThat(rows("SELECT count(*), sum(volume) IS NOT NULL FROM '" + file
                        + "' WHERE open_time >= TIMESTAMPTZ '2024-02-01' AND open_time < TIMESTAMPTZ '2024-02-02'"))
                .containsExactly("1440|true");
        assertThat(rows("SELECT count(*) FROM '" + file + "' WHERE volume > 999999999999999999999999"))
                .containsExactly("0");
        assertThat(rows("SELECT count(DISTINCT row_group_id), count(DISTINCT stats_min_value) FROM parquet_metadata('"
                        + file + "') WHERE path_in_schema = 'open_time'"))
                .containsExactly("5|5");
        assertThat(rows("SELECT count(*) FROM parquet_metadata('" + file
                        + "') WHERE path_in_schema = 'volume' AND stats_max_value IS NULL"))
                .containsExactly("0");
    }

    @ParameterizedTest
    @CsvSource({
        "V1, snappy",
        "V1, zstd",
        "V1, gzip",
        "V1, lz4_raw",
        "V1, uncompressed",
        "V2, snappy",
        "V2, zstd",
        "V2, gzip",
        "V2, lz4_raw",
        "V2, uncompressed"
    })
    void itsFilesAreReadAsWritten(String version, String codec) throws Exception {
        Schema schema = new Schema(
                List.of(
                        Field.time("at"),
                        Field.time("millis"),
                        Field.time("nanos"),
                        Field.decimal("tiny", 18, 8),
                        Field.decimal("price", 18, 8),
                        Field.decimal("wide", 38, 8),
                        Field.decimal("whole", 38, 0),
                        Field.int64("id"),
                        Field.int64("short"),
                        Field.int64("unsigned_int"),
                        Field.float64("feature"),
                        Field.float64("single"),
                        Field.bool("flag"),
                        Field.text("side"),
                        Field.text("unique_text").orNull(),
                        Field.decimal("gaps", 38, 8).orNull(),
                        Field.int64("count").orNull()),
                "at",
                List.of("at"));
        String select = "SELECT TIMESTAMPTZ '2024-01-01' + to_seconds(i) AS at,"
                + " (TIMESTAMP '2024-01-01' + to_seconds(i))::TIMESTAMP_MS AS millis,"
                + " (TIMESTAMP '2024-01-01' + to_microseconds(i))::TIMESTAMP_NS AS nanos,"
                + " (i % 100)::DECIMAL(4, 2) AS tiny, (42000 + (i * 7919 % 1000) / 100)::DECIMAL(18, 8) AS price,"
                + " (i::HUGEINT * 12345678901234567)::DECIMAL(38, 8) AS wide, (i * 1000)::HUGEINT::DECIMAL(38, 0) AS whole,"
                + " i * 3 AS id, (i % 7)::SMALLINT AS short, (4294967295 - i)::UINTEGER AS unsigned_int,"
                + " sqrt(i) AS feature, (i / 4)::FLOAT AS single, i % 3 = 0 AS flag,"
                + " CASE WHEN i % 2 = 0 THEN 'buy' ELSE 'sell' END AS side,"
                + " CASE WHEN i % 5 = 0 THEN NULL ELSE 'text ☃ ' || i * 31337 END AS unique_text,"
                + " CASE WHEN i % 4 = 0 THEN NULL ELSE (i / 8)::DECIMAL(38, 8) END AS gaps,"
                + " CASE WHEN i < 9000 THEN NULL ELSE i END AS count, [i, i] AS list, {'a': i} AS nested"
                + " FROM range(20000) t(i)";
        Path file = directory.resolve("duck.parquet");
        execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet, CODEC '" + codec + "', PARQUET_VERSION "
                + version + ", ROW_GROUP_SIZE 6144)");
        List<Batch> batches;
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            batches = Samples.drain(reader.read(Samples.series(schema), Samples.EVER));
        }
        Path copy = directory.resolve("copy.parquet");
        Files.write(copy, Samples.write(batches, schema, new WriteOptions(3, 1_000, 5_000)));
        // Both ways round: what we read from its file and wrote again differs in no row from what it selects itself.
        String columns =
                "\"at\", millis::TIMESTAMPTZ AS millis, nanos::TIMESTAMPTZ AS nanos, tiny::DECIMAL(18, 8) AS tiny,"
                        + " price, wide, whole, id, short::BIGINT AS short, unsigned_int::BIGINT AS unsigned_int, feature,"
                        + " single::DOUBLE AS single, flag, side, unique_text, gaps, count";
        String expected = "SELECT " + columns + " FROM (" + select + ")";
        String actual = "SELECT " + columns + " FROM '" + copy + "'";
        assertThat(rows("SELECT count(*) FROM '" + copy + "'")).containsExactly("20000");
        assertThat(rows("(" + expected + ") EXCEPT ALL (" + actual + ")")).isEmpty();

        TimeRange minute = TimeRange.of("2024-01-01T02:00:00Z", "2024-01-01T02:01:00Z");
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            assertThat(Samples.drain(reader.read(Samples.series(schema), minute)).stream()
                            .mapToInt(Batch::rows)
                            .sum())
                    .isEqualTo(60);
        }
    }

    @Test
    void aFileThatCannotBeMappedExactlyIsRefusedNamingTheReason() throws Exception {
        Path file = directory.resolve("other.parquet");
        execute(
                "COPY (SELECT TIMESTAMPTZ '2024-01-01' AS at, 1.5::DOUBLE AS price, 1.005::DECIMAL(9, 3) AS fee, [1] AS list,"
                        + " NULL::BIGINT AS id) TO '" + file + "' (FORMAT parquet)");
        refused(file, Field.decimal("price", 18, 8), Refused.class, "'price'", "DOUBLE");
        refused(file, Field.decimal("fee", 18, 2), Refused.class, "'fee'", "Row 0");
        refused(file, Field.int64("list"), Refused.class, "'list'", "nested");
        refused(file, Field.int64("missing"), Refused.class, "missing", "price");
        refused(file, Field.int64("id"), dev.candlewick.Corrupt.class, "'id'", "row 0", "no value");
    }

    private void refused(Path file, Field field, Class<? extends Exception> kind, String... words) {
        Series series = Samples.series(new Schema(List.of(Field.time("at"), field), "at", List.of("at")));
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            assertThatThrownBy(() -> Samples.drain(reader.read(series, Samples.EVER)))
                    .isInstanceOf(kind)
                    .hasMessageContainingAll(words)
                    .hasMessageContaining(file.toString());
        }
    }

    private Path written(Batch batch, WriteOptions options) throws Exception {
        Path file = directory.resolve("ours.parquet");
        Files.write(file, Samples.write(batch, options));
        return file;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = duckDb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                StringBuilder line = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    Object value = result.getObject(i);
                    line.append(i == 1 ? "" : "|")
                            .append(value instanceof java.math.BigDecimal decimal ? decimal.toPlainString() : value);
                }
                rows.add(line.toString());
            }
        }
        return rows;
    }
}
