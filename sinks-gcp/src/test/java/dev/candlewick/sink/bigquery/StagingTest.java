package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteGroup;
import dev.candlewick.sink.gcp.testing.BigQueryCall;
import dev.candlewick.sink.gcp.testing.BigQueryJobKind;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Names of staging tables that earlier loads have used up, or left something under. */
class StagingTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final Series ETH = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m");
    private static final TimeRange HOUR = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z");

    private static LocalBigQuery server;

    private BigQueryStore store;

    @BeforeAll
    static void begin() {
        server = LocalBigQuery.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        store = LocalStores.builder(server, test.getTestMethod().orElseThrow().getName())
                .build();
    }

    @AfterEach
    void close() {
        server.faults().clear();
        server.quotas().loadJobsPerDay(100_000);
        store.close();
    }

    private static Batches batches(Series series) {
        return Batches.of(series, HOUR, SyntheticCandles.batches(series, HOUR, 0), Provenance.none());
    }

    private void assertHolds(Series series) {
        assertThat(Rows.of(store, series, HOUR)).isEqualTo(Rows.of(SyntheticCandles.batches(series, HOUR, 0)));
    }

    @Test
    void theSameRowsAreWrittenAndForgottenAsOftenAsAnybodyLikes() {
        for (int time = 1; time <= 7; time++) {
            store.write(batches(BTC));
            assertHolds(BTC);
            store.forget(BTC, HOUR);
        }
        server.faults().next(2).jobs(BigQueryJobKind.LOAD).fail("backendError", "Error encountered. Try again later.");
        store.write(batches(BTC));
        assertHolds(BTC);
    }

    @Test
    void runsWhileAQuotaIsUsedUpDoNotBlockTheOneAfterwards() {
        store.write(batches(ETH));
        server.quotas().loadJobsPerDay(server.quotas().loadJobs(LocalStores.PROJECT));
        for (int run = 1; run <= 7; run++) {
            assertThatThrownBy(() -> store.write(batches(BTC)))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("quota");
        }
        server.quotas().loadJobsPerDay(100_000);
        server.faults().next(2).jobs(BigQueryJobKind.LOAD).fail("backendError", "Error encountered. Try again later.");
        store.write(batches(BTC));
        assertHolds(BTC);
    }

    @Test
    void aTableThatALargerGroupLeftIsInNobodysWay() {
        store.write(batches(ETH));
        server.faults().next().jobs(BigQueryJobKind.SCRIPT).fail("accessDenied", "not now");
        server.faults().next(20).requests(BigQueryCall.TABLE_DELETE).answer(403, "accessDenied", "not now");
        try (WriteGroup group = store.group().orElseThrow()) {
            group.add(batches(BTC));
            group.add(batches(ETH));
            assertThat(group.commit())
                    .filteredOn(outcome -> outcome.series().equals(BTC))
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.toString()).contains("accessDenied"));
        }
        server.faults().clear();
        store.write(batches(BTC));
        assertHolds(BTC);
    }
}
