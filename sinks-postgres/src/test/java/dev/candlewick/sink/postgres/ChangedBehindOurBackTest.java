package dev.candlewick.sink.postgres;

import static dev.candlewick.sink.postgres.testing.PostgresServer.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables that somebody changed without Candlewick. */
class ChangedBehindOurBackTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final Series HALF_DAYS = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "12h");
    private static final TimeRange JANUARY = TimeRange.month("2024-01");
    private static final TimeRange YEAR = TimeRange.year(2024);
    private static final TimeRange DAY = TimeRange.day("2024-01-10");

    private final String url = PostgresServer.shared().freshDatabase();

    @Test
    void writingPartOfAUnitWhoseLedgerRowIsGoneKeepsItsRows() {
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, JANUARY, 0);
            String rows = execute(url, "SELECT count(*), sum(volume) FROM candlewick.candles_1h");
            execute(url, "DELETE FROM candlewick.candlewick_ledger");
            assertThatThrownBy(() -> write(store, BTC, DAY, 1))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("without a ledger entry")
                    .hasMessageContaining("Forget");
            assertThat(execute(url, "SELECT count(*), sum(volume) FROM candlewick.candles_1h"))
                    .isEqualTo(rows);
            assertThat(store.forget(BTC, DAY)).singleElement().asString().contains("744 rows");
            write(store, BTC, DAY, 1);
            assertThat(Rows.of(store, BTC, JANUARY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
        }
    }

    @Test
    void writingPartOfAUnitWhoseLedgerRowIsGoneKeepsItsRowsWhereThereMayBeStrangers() {
        try (Store store = spotOhlcv()) {
            write(store, HALF_DAYS, YEAR, 0);
            execute(url, "DELETE FROM candlewick_ledger");
            assertThatThrownBy(() -> write(store, HALF_DAYS, DAY, 1)).isInstanceOf(Corrupt.class);
            assertThat(execute(
                            url, "SELECT count(*) FROM spot_ohlcv JOIN candlewick_spot_ohlcv USING (asset, timestamp)"))
                    .isEqualTo("732");
        }
    }

    @Test
    void keepingRowsIsRefusedWhereNobodyKnowsWhoseTheyAre() {
        try (Store store = PostgresStore.builder(url)
                .onConflict(ConflictPolicy.keepFirst())
                .build()) {
            write(store, BTC, JANUARY, 0);
            execute(url, "DELETE FROM candlewick.candlewick_ledger");
            assertThatThrownBy(() -> write(store, BTC, DAY, 1)).isInstanceOf(Corrupt.class);
            assertThat(execute(url, "SELECT count(*) FROM candlewick.candles_1h"))
                    .isEqualTo("744");
        }
    }

    @Test
    void aReadOfPartOfAUnitSeesThatRowsAreMissing() {
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, JANUARY, 0);
            assertThat(Rows.of(store, BTC, DAY)).hasSize(24);
            try (Batches day = store.read(BTC, DAY)) {
                Iterator<Batch> rows = day.iterator();
                rows.next();
                assertThat(rows.hasNext()).isFalse();
                assertThat(rows.hasNext()).isFalse();
            }
            execute(url, "DELETE FROM candlewick.candles_1h WHERE open_time = '2024-01-20 00:00+00'");
            assertThatThrownBy(() -> Rows.of(store, BTC, DAY))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("743")
                    .hasMessageContaining("744");
        }
    }

    @Test
    void rowsInAUnitThatHasNoneAreNotServedButNamed() {
        Series eth = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1h");
        try (Store store = PostgresStore.at(url)) {
            write(store, eth, JANUARY, 0);
            write(store, BTC, JANUARY, 0);
            store.write(Batches.of(BTC, JANUARY, List.of(), Provenance.none()));
            execute(
                    url,
                    "CREATE TEMPORARY TABLE foreigners AS SELECT * FROM candlewick.candles_1h;"
                            + " UPDATE foreigners SET subject = 'BINANCE:SPOT_PAIR:BTC-USDT';"
                            + " INSERT INTO candlewick.candles_1h SELECT * FROM foreigners");
            assertThat(Rows.of(store, BTC, JANUARY)).isEmpty();
            assertThat(Rows.of(store, BTC, DAY)).isEmpty();
            assertThat(store.latest(BTC)).isEmpty();
            assertThat(store.verify().findings())
                    .extracting(VerifyReport.Finding::kind)
                    .containsExactly(VerifyReport.Kind.ORPHAN);
            assertThatThrownBy(() -> write(store, BTC, DAY, 0)).isInstanceOf(Corrupt.class);
        }
    }

    @Test
    void rowsWithoutALedgerAreNotCalledSound() {
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, JANUARY, 0);
            execute(url, "CREATE TABLE kept AS SELECT * FROM candlewick.candlewick_ledger");
            for (String loss :
                    List.of("DELETE FROM candlewick.candlewick_ledger", "DROP TABLE candlewick.candlewick_ledger")) {
                execute(url, loss);
                assertThat(store.verify().isSound()).as(loss).isFalse();
                assertThat(store.verify().findings())
                        .extracting(VerifyReport.Finding::kind)
                        .containsExactly(VerifyReport.Kind.ORPHAN);
            }
            try (Store other = PostgresStore.at(url)) {
                assertThatThrownBy(() -> Rows.of(other, BTC, JANUARY))
                        .isInstanceOf(Corrupt.class)
                        .hasMessageContaining("candlewick_ledger");
                assertThatThrownBy(other::series).isInstanceOf(Corrupt.class);
                assertThatThrownBy(() -> other.latest(BTC)).isInstanceOf(Corrupt.class);
                write(other, BTC, JANUARY, 0);
                assertThat(other.verify().isSound()).isTrue();
                execute(url, "DROP TABLE candlewick.candlewick_datasets");
                assertThat(other.verify().isSound()).isFalse();
            }
        }
    }

    @Test
    void rowsOfALayoutWithStrangersAreMissedByTheLedgerToo() {
        try (Store store = spotOhlcv()) {
            write(store, HALF_DAYS, YEAR, 0);
            execute(
                    url,
                    "INSERT INTO spot_ohlcv (asset, timestamp, open, high, low, close, volume)"
                            + " VALUES ('XYZ', '2024-01-01 00:00+00', 1, 1, 1, 1, 1)");
            assertThat(store.verify().isSound()).isTrue();
            execute(url, "DELETE FROM candlewick_ledger");
            assertThat(store.verify().findings()).singleElement().asString().contains("732 rows of BTC");
        }
    }

    private Store spotOhlcv() {
        return PostgresStore.builder(url).layout(PostgresLayout.spotOhlcv()).build();
    }

    private static void write(Store store, Series series, TimeRange range, int edition) {
        store.write(Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none()));
    }
}
