package dev.candlewick.sink.postgres;

import static dev.candlewick.sink.postgres.testing.PostgresServer.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import org.junit.jupiter.api.Test;

class PartitionsTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange FEBRUARY_DAY = TimeRange.day("2024-02-10");
    private static final String PARTITIONS =
            "SELECT inhrelid::regclass::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind = 'r' ORDER BY 1";

    private final String url = PostgresServer.shared().freshDatabase();

    @Test
    void aPartitionThatWasDroppedIsMadeAgain() {
        try (Store store = monthly(TableCreation.WHEN_ABSENT)) {
            write(store, BTC, FEBRUARY_DAY);
            String partition = execute(url, PARTITIONS);
            execute(url, "DROP TABLE " + partition);
            execute(url, "DELETE FROM candlewick.candlewick_ledger");
            write(store, BTC, FEBRUARY_DAY);
            assertThat(Rows.of(store, BTC, FEBRUARY_DAY)).hasSize(1_440);
            assertThat(execute(url, PARTITIONS)).isEqualTo(partition);
        }
    }

    @Test
    void aDatasetNamedLikeAPartitionIsInNobodysWay() {
        Series named = BTC.with(new Dataset("candles:1m_p2024_02", BTC.schema(), BTC.cadence()));
        Series next = BTC.with(new Dataset("candles:1m_p2024_03", BTC.schema(), BTC.cadence()));
        TimeRange march = TimeRange.day("2024-03-10");
        try (Store store = monthly(TableCreation.WHEN_ABSENT)) {
            write(store, named, FEBRUARY_DAY);
            write(store, BTC, FEBRUARY_DAY);
            write(store, BTC, march);
            write(store, next, march);
            assertThat(Rows.of(store, BTC, march)).hasSize(1_440);
            assertThat(store.verify().isSound()).as("%s", store.verify()).isTrue();
        }
    }

    @Test
    void partitionsOfSomebodyElseAreUsed() {
        try (Store store = monthly(TableCreation.WHEN_ABSENT)) {
            store.open(BTC, FEBRUARY_DAY).close();
            execute(
                    url,
                    "CREATE TABLE candlewick.mine PARTITION OF candlewick.candles_1m"
                            + " FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2025-01-01 00:00+00')");
            write(store, BTC, FEBRUARY_DAY);
            assertThat(execute(url, PARTITIONS)).isEqualTo("candlewick.mine");
        }
    }

    @Test
    void aMissingPartitionThatIsNotToBeMadeIsNamed() {
        try (PostgresStore store = monthly(TableCreation.NEVER)) {
            store.createStatements(BTC.dataset()).forEach(statement -> execute(url, statement));
            assertThatThrownBy(() -> write(store, BTC, FEBRUARY_DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("CREATE TABLE \"candlewick\".\"candles_1m$p2024_02\" PARTITION OF")
                    .satisfies(refused -> {
                        String message = String.valueOf(refused.getMessage());
                        String statement = message.substring(message.indexOf("CREATE TABLE"));
                        execute(url, statement);
                    });
            write(store, BTC, FEBRUARY_DAY);
            assertThat(Rows.of(store, BTC, FEBRUARY_DAY)).hasSize(1_440);
        }
    }

    @Test
    void aRuleOfTheTableThatRowsBreakIsRefused() {
        try (Store store = PostgresStore.at(url)) {
            store.open(BTC, FEBRUARY_DAY).close();
            execute(url, "ALTER TABLE candlewick.candles_1m ADD CHECK (volume < 0)");
            assertThatThrownBy(() -> write(store, BTC, FEBRUARY_DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("check constraint");
        }
    }

    private PostgresStore monthly(TableCreation creation) {
        return PostgresStore.builder(url)
                .partitioning(Partitioning.MONTHLY)
                .tables(creation)
                .build();
    }

    private static void write(Store store, Series series, TimeRange range) {
        store.write(Batches.of(series, range, SyntheticCandles.batches(series, range, 0), Provenance.none()));
    }
}
