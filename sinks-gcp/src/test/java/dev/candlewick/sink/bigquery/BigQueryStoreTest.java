package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import dev.candlewick.BackfillReport;
import dev.candlewick.Backfiller;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.gcp.testing.BigQueryCall;
import dev.candlewick.sink.gcp.testing.BigQueryJobKind;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import dev.candlewick.testkit.SyntheticSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is particular to BigQuery, against a server of this machine through Google's client. */
class BigQueryStoreTest extends BigQueryScene {

    private static void assertHolds(BigQueryStore in, int edition) {
        assertHolds(in, BTC, DAY, edition);
        LedgerEntry entry = in.ledger(BTC, DAY).get(0);
        assertThat(entry.contentHash()).isEqualTo(Rows.hash(in, BTC, entry.unit()));
    }

    @Test
    void aMonthOfTwentySymbolsTakesOneLoadJobAndOneTransaction() {
        List<Series> symbols = symbols(20);
        TimeRange month = TimeRange.month("2024-02");
        int loads = server.jobs(BigQueryJobKind.LOAD);
        Backfiller backfiller = Backfiller.from(new SyntheticSource()).to(store).build();
        BackfillReport report = backfiller.run(backfiller.plan(symbols, month));
        assertThat(report.failed()).isEmpty();
        assertThat(server.jobs(BigQueryJobKind.LOAD) - loads).isLessThanOrEqualTo(2);
        assertThat(store.series()).hasSize(20);
        assertThat(store.coverage(symbols.get(7), month).isComplete()).isTrue();
        assertThat(store.ledger(symbols.get(7), month).get(0).rows()).isEqualTo(29 * 1_440);
        assertThat(backfiller.plan(symbols, month).isEmpty()).isTrue();
    }

    @Test
    void aTableIsPartitionedByDayClusteredBySubjectAndAsksForAFilter() {
        write(store, BTC, DAY, 0);
        Table table = LocalStores.client(server).getTable(TableId.of(LocalStores.PROJECT, dataset, "candles_1m"));
        StandardTableDefinition definition = table.getDefinition();
        assertThat(definition.getTimePartitioning().getField()).isEqualTo("open_time");
        assertThat(definition.getClustering())
                .isEqualTo(Clustering.newBuilder()
                        .setFields(List.of("venue", "kind", "code"))
                        .build());
        assertThat(table.getRequirePartitionFilter()).isTrue();
        assertThat(definition.getSchema().getFields().get("open").getType().getStandardType())
                .hasToString("NUMERIC");
        assertThat(definition.getSchema().getFields().get("volume").getType().getStandardType())
                .hasToString("BIGNUMERIC");
    }

    @Test
    void nothingIsLeftOfTheStagingTables() {
        write(store, BTC, DAY, 0);
        List<String> tables = new ArrayList<>();
        LocalStores.client(server)
                .listTables(com.google.cloud.bigquery.DatasetId.of(LocalStores.PROJECT, dataset))
                .iterateAll()
                .forEach(table -> tables.add(table.getTableId().getTable()));
        assertThat(tables).containsExactlyInAnyOrder("candlewick_ledger", "candles_1m");
    }

    @Test
    void everyLostAnswerIsSettledWithoutTheCaller() {
        write(store, BTC, DAY, 0);
        int edition = 1;
        for (BigQueryCall call : List.of(
                BigQueryCall.TABLE_INSERT,
                BigQueryCall.UPLOAD_START,
                BigQueryCall.UPLOAD_CONTENT,
                BigQueryCall.JOB_INSERT,
                BigQueryCall.JOB_GET,
                BigQueryCall.QUERY,
                BigQueryCall.TABLE_GET,
                BigQueryCall.TABLE_DELETE)) {
            server.faults().next().requests(call).loseAnswer();
            write(store, BTC, DAY, edition);
            server.faults().clear();
            assertHolds(store, edition);
            edition++;
        }
    }

    @Test
    void aServiceThatIsBusyForAMomentIsAskedAgain() {
        int edition = 0;
        for (BigQueryCall call :
                List.of(BigQueryCall.QUERY, BigQueryCall.JOB_INSERT, BigQueryCall.JOB_GET, BigQueryCall.UPLOAD_START)) {
            server.faults().next(2).requests(call).answer(503);
            write(store, BTC, DAY, edition);
            server.faults().clear();
            assertHolds(store, edition);
            edition++;
        }
    }

    @Test
    void aLoadJobThatFailsForTheMomentGetsAnAttemptNumber() {
        server.faults().next().jobs(BigQueryJobKind.LOAD).fail("backendError", "Error encountered. Try again later.");
        write(store, BTC, DAY, 0);
        assertHolds(store, 0);
    }

    @Test
    void aTransactionThatGaveWayToOthersIsMadeAgain() {
        server.faults()
                .next(3)
                .jobs(BigQueryJobKind.SCRIPT)
                .fail("invalidQuery", "Transaction is aborted due to concurrent update against table x");
        write(store, BTC, DAY, 0);
        assertHolds(store, 0);
    }

    @Test
    void aQuotaThatIsUsedUpInTheMiddleFailsItsUnitsOnlyAndARunAfterwardsCompletes() {
        List<Series> symbols = symbols(3);
        BigQueryStore oneByOne = builder().groupsOf(1, 1 << 20).build();
        TimeRange hour = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z");
        server.quotas().loadJobsPerDay(server.quotas().loadJobs(LocalStores.PROJECT) + 2);
        Backfiller backfiller = Backfiller.from(new SyntheticSource())
                .to(oneByOne)
                .parallelism(1)
                .build();
        BackfillReport first = backfiller.run(backfiller.plan(symbols, hour));
        assertThat(first.failed()).hasSize(1);
        assertThat(first.failed().get(0).cause())
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("quota")
                .hasMessageContaining("24 hours");
        server.quotas().loadJobsPerDay(100_000);
        assertThat(backfiller.run(backfiller.plan(symbols, hour)).failed()).isEmpty();
        for (Series symbol : symbols) {
            assertThat(oneByOne.coverage(symbol, hour).isComplete()).isTrue();
        }
        oneByOne.close();
    }

    @Test
    void twoStoresThatBackfillTheSameLeaveItOnce() throws Exception {
        List<Series> symbols = symbols(4);
        TimeRange range = TimeRange.of("2024-01-01", "2024-01-02");
        BigQueryStore other = builder().build();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<BackfillReport>> runs = new ArrayList<>();
            for (BigQueryStore each : List.of(store, other)) {
                Backfiller backfiller =
                        Backfiller.from(new SyntheticSource()).to(each).build();
                runs.add(threads.submit(() -> backfiller.run(backfiller.plan(symbols, range))));
            }
            for (Future<BackfillReport> run : runs) {
                assertThat(run.get().failed()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
            other.close();
        }
        for (Series symbol : symbols) {
            assertThat(Rows.of(store, symbol, range)).isEqualTo(Rows.of(SyntheticCandles.batches(symbol, range)));
        }
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void rowsThatWereLoadedBeforeACrashAreNotLoadedAgain() {
        server.faults().next().jobs(BigQueryJobKind.SCRIPT).fail("accessDenied", "not now");
        // The fence is a statement and no script; the first script is the transaction.
        assertThatThrownBy(() -> write(store, BTC, DAY, 0)).isInstanceOf(Refused.class);
        write(store, BTC, DAY, 0);
        assertHolds(store, 0);
    }

    @Test
    void aDayOfAMonthScansAThirtiethOfIt() {
        TimeRange month = TimeRange.month("2024-01");
        write(store, BTC, month, 0);
        long day = store.dryRun(BTC, DAY).bytes().orElseThrow();
        long whole = store.dryRun(BTC, month).bytes().orElseThrow();
        assertThat(day).isPositive().isLessThan(whole / 8);
    }

    @Test
    void aQueryForMoreBytesThanAllowedSaysSoAndWhatToDo() {
        server.faults()
                .next()
                .requests(BigQueryCall.QUERY)
                .answer(
                        400,
                        "bytesBilledLimitExceeded",
                        "Query exceeded limit for bytes billed: 1. 10485760 or higher required.");
        assertThatThrownBy(() -> store.series())
                .isInstanceOf(Refused.class)
                .hasMessageContaining("10485760")
                .hasMessageContaining("maximumBytesBilled");
    }

    @Test
    void rowsThatNobodyCommittedAreNamedAndNotRead() throws Exception {
        write(store, BTC, DAY, 0);
        String table = table("candles_1m");
        LocalStores.client(server)
                .query(QueryJobConfiguration.of("INSERT INTO " + table
                        + " (venue, kind, code, open_time, open, high, low, close, volume, close_time, quote_volume,"
                        + " trades, taker_buy_volume, taker_buy_quote_volume) SELECT venue, kind, 'ETH-USDT', open_time,"
                        + " open, high, low, close, volume, close_time, quote_volume, trades, taker_buy_volume,"
                        + " taker_buy_quote_volume FROM " + table + " WHERE "
                        + Statement.within("open_time", DAY.startMicros(), DAY.startMicros() + 60_000_000)));
        assertThat(store.verify().findings())
                .singleElement()
                .satisfies(found -> assertThat(found.message()).contains("ETH-USDT", "no ledger entry"));
        Series eth = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m");
        assertThat(Rows.of(store, eth, DAY)).isEmpty();
        store.forget(eth, DAY);
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void theTimeframesAreReadBackAsTheyWereWritten() {
        BigQueryStore timeframes = builder().layout(BigQueryLayout.timeframes()).build();
        write(timeframes, BTC, DAY, 0);
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        write(timeframes, BTC, hour, 1);
        assertThat(Rows.of(timeframes, BTC, hour)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, hour, 1)));
        assertThat(Rows.of(timeframes, BTC, DAY)).hasSize(1_440);
        assertThat(timeframes.verify().isSound()).isTrue();
        Table table = LocalStores.client(server).getTable(TableId.of(LocalStores.PROJECT, dataset, "candles_1min"));
        StandardTableDefinition definition = table.getDefinition();
        assertThat(definition.getTimePartitioning().getField()).isEqualTo("timestamp_out");
        timeframes.close();
    }

    @Test
    void candlesWithFeaturesAreFoundThoughTheirPartitionIsThatOfWhenTheyWereAvailable() {
        Schema schema = new Schema(
                List.of(Field.time("timestamp"), Field.time("timestamp_out"), Field.float64("close")),
                "timestamp",
                List.of("timestamp"));
        Dataset hours = new Dataset("features:hft:1h", schema, Cadence.everyByDay(Interval.parse("1h")));
        Series series = BTC.with(hours);
        TimeRange last = TimeRange.of(DAY.end().minus(Duration.ofHours(1)), DAY.end());
        Batch rows = new BatchBuilder(series, 2)
                .row(DAY.start(), DAY.start().minusSeconds(1), 1.5)
                .row(last.start(), DAY.end().plusSeconds(5), 2.5)
                .build();
        Batch late = new BatchBuilder(series, 1)
                .row(DAY.start(), DAY.start().plus(Duration.ofDays(3)), 3.5)
                .build();
        try (BigQueryStore store = LocalStores.builder(server, dataset)
                .layout(BigQueryLayout.timeframes())
                .build()) {
            store.write(Batches.of(series, DAY, List.of(rows), Provenance.none()));
            assertThatThrownBy(() -> store.write(Batches.of(series, DAY, List.of(late), Provenance.none())))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("'timestamp_out' is 2024-01-04T00:00:00Z, too far from the row's own time");
            assertThat(Rows.of(store, series, DAY)).hasSize(2);
            assertThat(Rows.of(store, series, last)).hasSize(1);
            store.write(Batches.of(series, DAY, List.of(rows), Provenance.none()));
            assertThat(Rows.of(store, series, DAY)).as("replaced, not doubled").hasSize(2);
            assertThat(store.verify().isSound()).isTrue();
        }
        StandardTableDefinition table = LocalStores.client(server)
                .getTable(TableId.of(LocalStores.PROJECT, dataset, "candles_hft_1hour"))
                .getDefinition();
        assertThat(table.getTimePartitioning().getField()).isEqualTo("timestamp_out");
        assertThat(Objects.requireNonNull(table.getClustering()).getFields()).containsExactly("exchange", "symbol");
    }

    @Test
    void unitsWhosePartitionsExpireAreNotThereAndOlderRowsAreRefused() {
        Schema schema = new Schema(List.of(Field.time("at"), Field.text("note")), "at", List.of("at"));
        Dataset kept = new Dataset("kept_events", schema, Cadence.events());
        Series events = BTC.with(kept);
        Instant now = Instant.now();
        BigQueryStore.Builder settings = builder().retention(kept, Duration.ofDays(30));
        TimeRange day = TimeRange.day(
                now.minus(Duration.ofDays(20)).atZone(ZoneOffset.UTC).toLocalDate(), ZoneOffset.UTC);
        try (BigQueryStore short30 = settings.build()) {
            short30.write(Batches.of(events, day, List.of(), Provenance.none()));
            short30.write(Batches.of(events, day, List.of(event(events, day.start())), Provenance.none()));
            assertThat(short30.ledger(events, day)).hasSize(1);
            TimeRange old = TimeRange.day("2020-01-01");
            assertThatThrownBy(() -> short30.write(
                            Batches.of(events, old, List.of(event(events, old.start())), Provenance.none())))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("30 days");
        }
        try (BigQueryStore later = settings.clock(Clock.fixed(now.plus(Duration.ofDays(15)), ZoneOffset.UTC))
                .build()) {
            assertThat(later.ledger(events, day)).isEmpty();
            assertThat(Rows.of(later, events, day)).isEmpty();
        }
        assertThatThrownBy(() -> builder()
                        .retention(BTC.dataset(), Duration.ofDays(30))
                        .build()
                        .open(BTC, DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("retention");
    }

    private static dev.candlewick.Batch event(Series series, Instant at) {
        return new dev.candlewick.BatchBuilder(series, 1).row(at, "event").build();
    }

    @Test
    void aDatasetThatIsNotThereIsRefusedWithTheCommandThatMakesIt() {
        try (BigQueryStore careful = builder().creating(Creation.TABLES).build()) {
            assertThatThrownBy(() -> careful.open(BTC, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("mk --dataset");
            assertThatThrownBy(careful::series).isInstanceOf(Refused.class);
        }
    }

    @Test
    void anInterruptedCommitEndsSoonAndLeavesOldOrNew() throws Exception {
        write(store, BTC, DAY, 0);
        server.faults().next().jobs(BigQueryJobKind.SCRIPT).stayRunning(Duration.ofSeconds(20));
        Thread writer = new Thread(() -> {
            try {
                write(store, BTC, DAY, 1);
            } catch (RuntimeException expected) {
                // Cancelled or unconfirmed: what is there decides.
            }
        });
        writer.start();
        Thread.sleep(3_000);
        writer.interrupt();
        writer.join(8_000);
        assertThat(writer.isAlive()).isFalse();
        write(store, BTC, DAY, 1);
        assertHolds(store, 1);
    }

    @Test
    void aPlanSaysWhatWritingCosts() {
        Backfiller backfiller = Backfiller.from(new SyntheticSource()).to(store).build();
        String plan = backfiller.plan(symbols(20), TimeRange.month("2024-02")).toString();
        assertThat(plan).contains("1 load job").contains("1,500");
    }
}
