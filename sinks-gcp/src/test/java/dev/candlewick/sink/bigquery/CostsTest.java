package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Backfiller;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.gcp.testing.BigQueryCall;
import dev.candlewick.sink.gcp.testing.BigQueryJobKind;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import dev.candlewick.testkit.SyntheticSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much a transaction takes, what is said of it beforehand, and limits of rates. */
class CostsTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange HALF_YEAR = TimeRange.of("2024-01-01", "2024-07-01");

    private LocalBigQuery server;

    @BeforeEach
    void open() {
        server = LocalBigQuery.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static String plan(BigQueryStore store, List<Series> symbols, TimeRange range) {
        return Backfiller.from(new SyntheticSource())
                .to(store)
                .build()
                .plan(symbols, range)
                .toString();
    }

    /** An hour of every month. */
    private static List<Batch> hours() {
        List<Batch> hours = new ArrayList<>();
        for (TimeRange month : BTC.cadence().unit().touching(HALF_YEAR)) {
            TimeRange hour = TimeRange.of(month.start(), month.start().plus(Duration.ofHours(1)));
            SyntheticCandles.batches(BTC, hour, 0).forEach(hours::add);
        }
        return hours;
    }

    private int scriptsOfHalfAYear(Partitioning partitioning) {
        try (BigQueryStore store = LocalStores.builder(server, "by_" + partitioning)
                .partitioning(partitioning)
                .build()) {
            int before = server.jobs(BigQueryJobKind.SCRIPT);
            store.write(Batches.of(BTC, HALF_YEAR, hours(), Provenance.none()));
            assertThat(Rows.of(store, BTC, HALF_YEAR)).isEqualTo(Rows.of(hours()));
            return server.jobs(BigQueryJobKind.SCRIPT) - before;
        }
    }

    @Test
    void aTransactionStaysBelowTheMostPartitionsOfDaysAndOfHours() {
        assertThat(scriptsOfHalfAYear(Partitioning.DAY)).isEqualTo(1);
        assertThat(scriptsOfHalfAYear(Partitioning.HOUR)).isEqualTo(2);
    }

    @Test
    void aPlanCountsLoadJobsAndTransactionsEachForThemselves() {
        try (BigQueryStore store = LocalStores.builder(server, "market").build()) {
            TimeRange month = TimeRange.month("2024-02");
            assertThat(plan(store, BigQueryScene.symbols(20), month))
                    .contains("about 1 load job into", ", 1 transaction")
                    .contains("0 of 1,500 modifications per table and day: user tables are changed by DML only");
            assertThat(plan(store, BigQueryScene.symbols(500), month))
                    .contains("about 1 load job into", ", 2 transactions");
            assertThat(plan(store, BigQueryScene.symbols(501), month))
                    .contains("about 2 load jobs into", ", 3 transactions");
        }
        try (BigQueryStore store = LocalStores.builder(server, "market")
                .partitioning(Partitioning.HOUR)
                .build()) {
            assertThat(plan(store, BigQueryScene.symbols(1), HALF_YEAR))
                    .contains("about 1 load job into", ", 2 transactions");
        }
    }

    @Test
    void aLimitOfARateIsWaitedForWithinBounds() {
        try (BigQueryStore store = LocalStores.builder(server, "market").build()) {
            TimeRange hour = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z");
            int edition = 0;
            for (String reason : List.of("rateLimitExceeded", "jobRateLimitExceeded")) {
                for (BigQueryCall call : List.of(
                        BigQueryCall.QUERY, BigQueryCall.JOB_INSERT, BigQueryCall.UPLOAD_START, BigQueryCall.JOB_GET)) {
                    server.faults().next(2).requests(call).answer(403, reason, "Exceeded rate limits");
                    store.write(Batches.of(BTC, hour, SyntheticCandles.batches(BTC, hour, edition), Provenance.none()));
                    server.faults().clear();
                    assertThat(Rows.of(store, BTC, hour))
                            .isEqualTo(Rows.of(SyntheticCandles.batches(BTC, hour, edition)));
                    edition++;
                }
            }
        }
    }
}
