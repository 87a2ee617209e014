package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteGroup;
import dev.candlewick.sink.gcp.testing.BigQueryCall;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.SyntheticCandles;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a group tells of its units when something fails on the way. */
class GroupOutcomesTest {

    private static final Series MINUTES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final Series HOURS = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    private LocalBigQuery server;
    private BigQueryStore store;

    @BeforeEach
    void open() {
        server = LocalBigQuery.start();
        store = LocalStores.builder(server, "market").build();
    }

    @AfterEach
    void close() {
        store.close();
        server.close();
    }

    private static Batches batches(Series series) {
        return Batches.of(series, DAY, SyntheticCandles.batches(series, DAY, 0), Provenance.none());
    }

    private List<WriteGroup.Outcome> commitBoth() {
        try (WriteGroup group = store.group().orElseThrow()) {
            group.add(batches(MINUTES));
            group.add(batches(HOURS));
            // The server says of the second dataset what it says of one whose row in the ledger was deleted, or of one
            // with rows that nobody vouches for.
            return group.commit();
        }
    }

    private static void assertOnlyHoursFailed(List<WriteGroup.Outcome> outcomes) {
        assertThat(outcomes).hasSize(2);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.series().equals(MINUTES))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.failure()).isEmpty());
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.series().equals(HOURS))
                .singleElement()
                .satisfies(
                        outcome -> assertThat(outcome.failure().orElseThrow()).isInstanceOf(Refused.class));
    }

    private void failHoursWith(String message) {
        server.faults()
                .next()
                .requests(request -> request.call() == BigQueryCall.JOB_INSERT
                        && request.body().contains("candlewick_commit_")
                        && request.body().contains("candles_1h"))
                .answer(400, "invalidQuery", message);
    }

    @Test
    void aLedgerRowThatCannotBeAddedAgainFailsItsDatasetOnly() {
        store.write(batches(MINUTES));
        store.write(batches(HOURS));
        store.forget(MINUTES, DAY);
        store.forget(HOURS, DAY);
        failHoursWith(Ledger.NO_FENCE);
        server.faults()
                .next(5)
                .requests(request -> request.call() == BigQueryCall.JOB_INSERT
                        && request.body().contains("candlewick_begin_"))
                .answer(403, "accessDenied", "not now");
        assertOnlyHoursFailed(commitBoth());
        assertThat(store.ledger(MINUTES, DAY)).hasSize(1);
    }

    @Test
    void rowsThatCannotBeCountedFailTheirDatasetOnly() {
        failHoursWith("candlewick: rows that nobody vouches for");
        server.faults()
                .next(5)
                .requests(request -> request.call() == BigQueryCall.QUERY
                        && request.body().contains("candles_1h")
                        && request.body().contains("COUNT(*)"))
                .answer(403, "accessDenied", "not now");
        assertOnlyHoursFailed(commitBoth());
        assertThat(store.ledger(MINUTES, DAY)).hasSize(1);
    }
}
