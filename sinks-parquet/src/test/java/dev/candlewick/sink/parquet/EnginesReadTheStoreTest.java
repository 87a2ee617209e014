package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.read;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesReadTheStoreTest {

    private static final TimeRange RANGE = TimeRange.of("2024-01-20", "2024-02-10");

    /** Subjects that have broken other tools' file names; all must work and none may meet another. */
    private static final List<String> HOSTILE = List.of(
            "BTC-USDT",
            "btc-usdt",
            "BTC-USDT:USDT",
            "BTC-USDT@LIN",
            "1000PEPEUSDT",
            "币安人生USDT",
            "%2E%2E%2F",
            "..",
            "....\\\\..\\",
            "CON",
            "NUL.",
            "a=b",
            "x*?[y]",
            "e\u0301",
            "\u00e9",
            "\u200etxt",
            "Z".repeat(300),
            "Z".repeat(299) + "Y");

    @TempDir
    Path directory;

    @Test
    void duckDbFindsEverySubjectAndTheSameSums() throws SQLException {
        List<String> expected = new ArrayList<>();
        try (ParquetStore store = ParquetStore.at(directory)) {
            int version = 0;
            for (String code : HOSTILE) {
                Series series = Series.candles("BINANCE:SPOT_PAIR:" + code, "1h");
                write(store, series, RANGE, ++version);
                assertThat(read(store, series, RANGE)).isEqualTo(Market.expected(series, RANGE, version));
                if (code.length() < 100) {
                    Batch batch = Market.candles(series, RANGE, version);
                    BigDecimal volume = BigDecimal.ZERO;
                    for (int row = 0; row < batch.rows(); row++) {
                        volume = volume.add(batch.decimals("volume").get(row));
                    }
                    expected.add(
                            "candles:1h BINANCE SPOT_PAIR " + code + " " + batch.rows() + " " + volume.toPlainString());
                }
            }
            assertThat(store.series()).hasSize(HOSTILE.size());
            assertThat(store.verify().isSound()).isTrue();
        }
        List<String> found = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT dataset, venue, kind, code, count(*), sum(volume)"
                        + " FROM read_parquet('" + directory + "/**/*.parquet', hive_partitioning=true)"
                        + " WHERE length(code) < 100 GROUP BY ALL")) {
            while (rows.next()) {
                found.add(rows.getString(1) + " " + rows.getString(2) + " " + rows.getString(3) + " "
                        + rows.getString(4) + " " + rows.getLong(5) + " "
                        + rows.getBigDecimal(6).toPlainString());
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void noSubjectLeavesTheRoot() {
        Path root = directory.resolve("store");
        try (ParquetStore store = ParquetStore.at(root)) {
            for (String code : HOSTILE) {
                write(store, Series.candles("BINANCE:SPOT_PAIR:" + code, "1h"), TimeRange.day("2024-01-01"), 1);
            }
        }
        assertThat(directory.toFile().list()).containsExactly("store");
    }

    @Test
    void aLinkOutOfTheStoreIsNotFollowed() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path root = Files.createDirectory(directory.resolve("store"));
        Files.createSymbolicLink(root.resolve("dataset=candles%3A1h"), outside);
        try (ParquetStore store = ParquetStore.at(root)) {
            assertThatThrownBy(() -> write(store, Market.BTC, Market.JANUARY, 1))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("leads out of the store");
        }
        assertThat(outside).isEmptyDirectory();
    }
}
