package dev.candlewick.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JDBC driver that people read the store with: older versions of it lost digits, fractions and signs (R17). */
class JdbcRoundTripTest {

    private final String database = ClickHouseServer.shared().freshDatabase();
    private final String jdbc = "jdbc:clickhouse:" + database;

    @Test
    void decimalsTimesTextsAndNullsComeBackAsTheyWere() throws Exception {
        List<BigDecimal> decimals = List.of(
                new BigDecimal("0.00000001"),
                new BigDecimal("-999999999999999999999999999999.99999999"),
                new BigDecimal("92233720368.54775808"));
        LocalDateTime time = LocalDateTime.parse("2024-02-29T23:59:59.123456");
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE t (n UInt8, d Decimal(38, 8), p Decimal(18, 8), at DateTime64(6, 'UTC'),"
                            + " s String, m Nullable(String), q Nullable(Decimal(38, 18)), i Int64) ENGINE = MergeTree ORDER BY n");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?,?,?,?,?,?,?,?)")) {
                for (int row = 0; row < decimals.size(); row++) {
                    insert.setInt(1, row);
                    insert.setBigDecimal(2, decimals.get(row));
                    insert.setBigDecimal(3, new BigDecimal("-9999999999.99999999"));
                    insert.setObject(4, time.plusNanos(row * 1_000L).atOffset(ZoneOffset.UTC));
                    insert.setString(5, "币安 😀 '\\");
                    insert.setString(6, row == 0 ? null : "x");
                    insert.setBigDecimal(7, row == 0 ? null : new BigDecimal("0.000000000000000001"));
                    insert.setLong(8, Long.MIN_VALUE);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            try (ResultSet rows = statement.executeQuery("SELECT * FROM t ORDER BY n")) {
                for (int row = 0; row < decimals.size(); row++) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getBigDecimal(2)).isEqualByComparingTo(decimals.get(row));
                    assertThat(rows.getBigDecimal(3)).isEqualByComparingTo("-9999999999.99999999");
                    assertThat(rows.getObject(4, OffsetDateTime.class).toInstant())
                            .isEqualTo(time.plusNanos(row * 1_000L).toInstant(ZoneOffset.UTC));
                    assertThat(rows.getString(5)).isEqualTo("币安 😀 '\\");
                    assertThat(rows.getString(6)).isEqualTo(row == 0 ? null : "x");
                    BigDecimal fine = rows.getBigDecimal(7);
                    assertThat(fine == null ? "null" : fine.toPlainString())
                            .isEqualTo(row == 0 ? "null" : "0.000000000000000001");
                    assertThat(rows.getLong(8)).isEqualTo(Long.MIN_VALUE);
                }
                assertThat(rows.next()).isFalse();
            }
        }
    }

    @Test
    void theViewReadThroughJdbcIsTheStore() throws Exception {
        Series btc = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        try (ClickHouseStore store = ClickHouseStore.at(database)) {
            store.write(Batches.of(btc, hour, SyntheticCandles.batches(btc, hour, 1), Provenance.none()));
            store.write(Batches.of(btc, hour, SyntheticCandles.batches(btc, hour), Provenance.none()));
        }
        List<List<String>> seen = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT open_time, open, high, low, close, volume, close_time,"
                        + " quote_volume, trades, taker_buy_volume, taker_buy_quote_volume FROM candles_1m"
                        + " WHERE subject = 'BINANCE:SPOT_PAIR:BTC-USDT' ORDER BY open_time")) {
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= 11; column++) {
                    row.add(
                            column == 1 || column == 7
                                    ? rows.getObject(column, OffsetDateTime.class)
                                            .toInstant()
                                            .toString()
                                    : column == 9
                                            ? Long.toString(rows.getLong(column))
                                            : rows.getBigDecimal(column)
                                                    .stripTrailingZeros()
                                                    .toPlainString());
                }
                seen.add(row);
            }
        }
        assertThat(seen).isEqualTo(Rows.of(SyntheticCandles.batches(btc, hour)));
    }
}
