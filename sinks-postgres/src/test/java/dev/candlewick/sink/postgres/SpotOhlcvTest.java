package dev.candlewick.sink.postgres;

import static dev.candlewick.sink.postgres.testing.PostgresServer.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpotOhlcvTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "12h");
    private static final TimeRange QUARTER = TimeRange.of("2024-01-01", "2024-04-01");

    private final String url = PostgresServer.shared().freshDatabase();

    @Test
    void theTableReadsLikeTheMicroservicesOwnAndCandlesComeBackWhole() {
        try (Store store = open()) {
            write(store, BTC, QUARTER, 0);
            assertThat(Rows.of(store, BTC, QUARTER)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, QUARTER)));
            assertThat(Rows.of(List.of(store.latest(BTC).orElseThrow()))).hasSize(1);
            assertThat(store.verify().isSound()).as("%s", store.verify()).isTrue();
            assertThat(store.series()).containsExactly(BTC);
        }
        assertThat(
                        execute(
                                url,
                                "SELECT asset, count(*), count(DISTINCT id), min(timestamp AT TIME ZONE 'UTC') FROM spot_ohlcv GROUP BY 1"))
                .isEqualTo("BTC\t182\t182\t2024-01-01 00:00:00");
        assertThat(execute(url, "SELECT indexname FROM pg_indexes WHERE indexname = 'idx_asset_timestamp'"))
                .isNotEmpty();
    }

    @Test
    void theStateSaysWhetherAnythingIsMissing() {
        String state = "SELECT asset, completed, last_fetched_timestamp AT TIME ZONE 'UTC' FROM backfill_state";
        try (Store store = open()) {
            write(store, BTC, TimeRange.month("2024-03"), 0);
            assertThat(execute(url, state)).isEqualTo("BTC\tt\t2024-03-31 12:00:00");
            write(store, BTC, TimeRange.month("2024-01"), 0);
            assertThat(execute(url, state)).isEqualTo("BTC\tf\t2024-03-31 12:00:00");
            write(store, BTC, TimeRange.month("2024-02"), 0);
            assertThat(execute(url, state)).isEqualTo("BTC\tt\t2024-03-31 12:00:00");
            store.forget(BTC, TimeRange.month("2024-03"));
            assertThat(execute(url, state)).isEqualTo("BTC\tt\t2024-02-29 12:00:00");
            store.forget(BTC, QUARTER);
            assertThat(execute(url, state)).isEmpty();
        }
    }

    @Test
    void rowsOfTheMicroserviceStayUntilABackfillReplacesThem() {
        for (String statement : List.of(
                "CREATE TABLE spot_ohlcv (id SERIAL PRIMARY KEY, asset VARCHAR(20) NOT NULL, timestamp TIMESTAMPTZ NOT NULL,"
                        + " open NUMERIC(20, 8) NOT NULL, high NUMERIC(20, 8) NOT NULL, low NUMERIC(20, 8) NOT NULL,"
                        + " close NUMERIC(20, 8) NOT NULL, volume NUMERIC(30, 8) NOT NULL, UNIQUE(asset, timestamp))",
                "CREATE INDEX idx_asset_timestamp ON spot_ohlcv(asset, timestamp DESC)",
                "CREATE TABLE backfill_state (asset VARCHAR(20) PRIMARY KEY, completed BOOLEAN DEFAULT FALSE,"
                        + " last_fetched_timestamp TIMESTAMPTZ, updated_at TIMESTAMPTZ DEFAULT NOW())",
                "INSERT INTO spot_ohlcv (asset, timestamp, open, high, low, close, volume) SELECT 'BTC', t, 1, 1, 1, 1, 1"
                        + " FROM generate_series('2024-01-01 00:00+00'::timestamptz, '2024-03-31 12:00+00', '12 hours') t")) {
            execute(url, statement);
        }
        try (Store store = open()) {
            assertThat(Rows.of(store, BTC, QUARTER)).isEmpty();
            TimeRange week = TimeRange.of("2024-02-05", "2024-02-12");
            write(store, BTC, week, 0);
            assertThat(Rows.of(store, BTC, QUARTER)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, week)));
            assertThat(execute(url, "SELECT count(*), count(*) FILTER (WHERE open = 1) FROM spot_ohlcv"))
                    .isEqualTo("182\t168");
            assertThat(store.verify().isSound()).isTrue();
            store.forget(BTC, QUARTER);
            assertThat(execute(url, "SELECT count(*) FROM spot_ohlcv")).isEqualTo("168");
        }
    }

    @Test
    void aVolumeBeyondTheColumnIsRefusedNamingTheRow() {
        TimeRange half = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T12:00:00Z");
        Batch batch = new BatchBuilder(BTC, 1)
                .row(half.start(), "1", "1", "1", "1", "12345678901234567890123.5", half.start(), "1", 1L, "0", "0")
                .build();
        try (Store store = open()) {
            assertThatThrownBy(() -> store.write(Batches.of(BTC, half, List.of(batch), Provenance.none())))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("Row 0")
                    .hasMessageContaining("volume")
                    .hasMessageContaining("NUMERIC(30, 8)")
                    .hasMessageContaining("12345678901234567890123.5");
            assertThat(execute(url, "SELECT count(*) FROM spot_ohlcv")).isEqualTo("0");
        }
    }

    @Test
    void whatTheTableHasNoPlaceForIsRefused() {
        try (Store store = open()) {
            Series minutes = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
            assertThat(store.serves(minutes)).isFalse();
            assertThatThrownBy(() -> store.open(minutes, QUARTER)).isInstanceOf(Refused.class);
            assertThatThrownBy(() -> store.open(Series.candles("BINANCE:SPOT_PAIR:BTC-USDC", "12h"), QUARTER))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("USDT");
        }
        PostgresLayout careless = PostgresLayout.spotOhlcv(Interval.parse("12h"), subject -> "BTC");
        try (Store store = PostgresStore.builder(url).layout(careless).build()) {
            write(store, BTC, QUARTER, 0);
            assertThatThrownBy(() -> write(store, Series.candles("OTHER:SPOT_PAIR:BTC-USDT", "12h"), QUARTER, 1))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("BINANCE:SPOT_PAIR:BTC-USDT already");
        }
        try (Store store = PostgresStore.builder(url).schema("public").build()) {
            assertThatThrownBy(() -> store.open(BTC, QUARTER))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("spot-ohlcv");
        }
    }

    private Store open() {
        return PostgresStore.builder(url).layout(PostgresLayout.spotOhlcv()).build();
    }

    private static void write(Store store, Series series, TimeRange range, int edition) {
        store.write(Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none()));
    }
}
