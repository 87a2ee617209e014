package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableId;
import dev.candlewick.BackfillReport;
import dev.candlewick.Backfiller;
import dev.candlewick.Corrupt;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unconfirmed;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.gcp.testing.BigQueryCall;
import dev.candlewick.sink.gcp.testing.BigQueryJobKind;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticSource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a store whose ledger and tables no longer fit, and how forgetting puts that right. */
class DamagedLedgerTest extends BigQueryScene {

    private static final TimeRange MONTH = TimeRange.month("2024-01");

    private void doubleTheLedgerRowOf(Series series) throws InterruptedException {
        String table = table("candlewick_ledger");
        String columns =
                "dataset, subject, unit, unit_start, unit_end, revision, row_count, content_hash, committed_at,"
                        + " written_by, version, record";
        LocalStores.client(server)
                .query(QueryJobConfiguration.of("INSERT INTO " + table + " (" + columns + ") SELECT " + columns
                        + " FROM " + table + " WHERE subject = '" + series.subject() + "'"));
    }

    @Test
    void aForgetThatArrivesLateLeavesWhatWasCommittedAfterIt() throws Exception {
        write(store, BTC, HOUR, 0);
        Duration late = Duration.ofSeconds(6);
        long begun = System.nanoTime();
        server.faults().next().jobs(BigQueryJobKind.SCRIPT).stayRunning(late);
        server.faults().next(10).requests(BigQueryCall.JOB_CANCEL).answer(503);
        try (BigQueryStore impatient =
                builder().jobTimeout(Duration.ofSeconds(1)).build()) {
            assertThatThrownBy(() -> impatient.forget(BTC, HOUR)).isInstanceOf(Unconfirmed.class);
        }
        write(store, BTC, HOUR, 1);
        long left = late.plusSeconds(1).toMillis() - (System.nanoTime() - begun) / 1_000_000;
        assertThat(left).as("time that the late script still waits").isPositive();
        Thread.sleep(left);
        assertHolds(store, BTC, HOUR, 1);
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void aUnitThatWasCommittedWhileItIsForgottenIsForgotten() {
        write(store, BTC, HOUR, 0);
        server.faults().next().jobs(BigQueryJobKind.SCRIPT).fail("invalidQuery", Ledger.OVERTAKEN);
        assertThat(store.forget(BTC, HOUR)).hasSize(1);
        assertThat(store.ledger(BTC, HOUR)).isEmpty();
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void twoLedgerRowsOfAUnitStopItsOwnSeriesOnlyAndCanBeForgotten() throws Exception {
        write(store, BTC, HOUR, 0);
        write(store, ETH, HOUR, 0);
        doubleTheLedgerRowOf(BTC);
        TimeRange next = TimeRange.of("2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z");
        Backfiller backfiller = Backfiller.from(new SyntheticSource()).to(store).build();
        BackfillReport report = backfiller.run(backfiller.plan(List.of(ETH), next));
        assertThat(report.failed()).isEmpty();
        assertThatThrownBy(() -> write(store, BTC, next, 0))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("2 rows");
        assertThatThrownBy(() -> store.ledger(BTC, HOUR)).isInstanceOf(Corrupt.class);
        assertThatThrownBy(() -> Rows.of(store, BTC, HOUR))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("Forget the unit");
        store.forget(BTC, HOUR);
        write(store, BTC, HOUR, 0);
        assertHolds(store, BTC, HOUR, 0);
        assertHolds(store, ETH, HOUR, 0);
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void writingAUnitWholeHealsItsTwoLedgerRows() throws Exception {
        write(store, BTC, HOUR, 0);
        doubleTheLedgerRowOf(BTC);
        write(store, BTC, MONTH, 1);
        assertHolds(store, BTC, HOUR, 1);
        assertThat(store.ledger(BTC, MONTH)).hasSize(1);
    }

    @Test
    void aTableThatSomebodyDroppedIsNamedUntilItsUnitsAreForgotten() {
        write(store, BTC, HOUR, 0);
        LocalStores.client(server).delete(TableId.of(LocalStores.PROJECT, dataset, "candles_1m"));
        try (BigQueryStore other = builder().build()) {
            assertGone(other);
            assertGone(store);
            VerifyReport report = other.verify();
            assertThat(report.isSound()).isFalse();
            assertThat(report.toString() + report.findings())
                    .contains("candles:1m")
                    .contains("forget");
            assertThat(other.verify(BTC).isSound()).isFalse();
            assertThat(store.forget(BTC, MONTH)).singleElement().asString().contains("candles_1m");
            assertThat(other.ledger(BTC, MONTH)).isEmpty();
            assertThat(other.verify().isSound()).isTrue();
        }
        Backfiller backfiller = Backfiller.from(new SyntheticSource()).to(store).build();
        assertThat(backfiller.run(backfiller.plan(List.of(BTC), HOUR)).failed()).isEmpty();
        assertHolds(store, BTC, HOUR, 0);
    }

    @Test
    void aLedgerRowOfNoSubjectStopsNobodyAndIsFound() throws Exception {
        write(store, ETH, HOUR, 0);
        String table = table("candlewick_ledger");
        LocalStores.client(server)
                .query(QueryJobConfiguration.of("INSERT INTO " + table
                        + " (dataset, subject, unit, unit_start, unit_end,"
                        + " revision, row_count, content_hash, committed_at, written_by, version, record) SELECT dataset,"
                        + " 'nobody', unit, unit_start, unit_end, revision, row_count, content_hash, committed_at,"
                        + " written_by, version, record FROM " + table + " WHERE subject = '" + ETH.subject() + "'"));
        TimeRange next = TimeRange.of("2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z");
        Backfiller backfiller = Backfiller.from(new SyntheticSource()).to(store).build();
        assertThat(backfiller.run(backfiller.plan(List.of(ETH), next)).failed()).isEmpty();
        assertThat(store.series()).containsExactly(ETH);
        assertThat(store.verify().findings())
                .singleElement()
                .satisfies(found -> assertThat(found.message()).contains("'nobody'"));
    }

    private static void assertGone(BigQueryStore in) {
        assertThatThrownBy(() -> Rows.of(in, BTC, HOUR))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("candles_1m");
        assertThatThrownBy(() -> in.dryRun(BTC, HOUR))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("candles_1m")
                .hasMessageContaining("forget the units");
        assertThatThrownBy(() -> in.latest(BTC)).isInstanceOf(Corrupt.class).hasMessageContaining("candles_1m");
    }
}
