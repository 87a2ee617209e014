package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.BackfillListener;
import dev.candlewick.BackfillPlan;
import dev.candlewick.BackfillReport;
import dev.candlewick.BackfillStatus;
import dev.candlewick.Backfiller;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Progress;
import dev.candlewick.Refused;
import dev.candlewick.Revisable;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What a run tells its listener, and how it ends. */
class BackfillRunTest {

    private static final Series HOURS = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final TimeRange QUARTER = TimeRange.of("2024-01-01", "2024-04-01");

    private final SyntheticSource source = new SyntheticSource();
    private final MemoryStore store = MemoryStore.create();

    @Test
    void theListenerHearsEverythingInOrder() {
        source.failing(TimeRange.month("2024-02"), new Unavailable("down"));
        List<String> heard = new ArrayList<>();
        Backfiller.from(source)
                .to(store)
                .parallelism(1)
                .listener(new Listening(heard))
                .build()
                .fill(HOURS, QUARTER);
        assertThat(heard)
                .containsExactly(
                        "planned 3",
                        "started 2024-01",
                        "rows 2024-01 744",
                        "committed 2024-01 1/3",
                        "started 2024-02",
                        "failed 2024-02 2/3",
                        "started 2024-03",
                        "rows 2024-03 1488",
                        "committed 2024-03 3/3",
                        "finished FAILED");
    }

    @Test
    void callsOfTheListenerComeOneAtATime() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        Backfiller.from(source)
                .to(store)
                .parallelism(8)
                .listener(new BackfillListener() {
                    @Override
                    public void rows(PlannedUnit unit, Progress progress) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        calls.incrementAndGet();
                        LockSupport.parkNanos(50_000); // room for another call to slip in
                        inside.decrementAndGet();
                    }
                })
                .build()
                .fill(HOURS, TimeRange.of("2020-01-01", "2024-01-01"));
        assertThat(calls.get()).isGreaterThanOrEqualTo(48);
        assertThat(most.get()).isEqualTo(1);
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        BackfillReport report = Backfiller.from(source)
                .to(store)
                .listener(new BackfillListener() {
                    @Override
                    public void started(PlannedUnit unit) {
                        throw new IllegalStateException("broken listener");
                    }
                })
                .build()
                .fill(HOURS, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
    }

    @Test
    void aRefusedSeriesIsAskedForOnceAndOthersGoOn() {
        Series refused = Series.candles("BINANCE:SPOT_PAIR:NO-USDT", "1h");
        AtomicInteger asked = new AtomicInteger();
        Source choosy = new Passing(source) {
            @Override
            public Batches read(Series series, TimeRange range) {
                if (series.equals(refused)) {
                    asked.incrementAndGet();
                    throw new Refused("No such symbol: NO-USDT");
                }
                return super.read(series, range);
            }
        };
        BackfillReport report =
                Backfiller.from(choosy).to(store).parallelism(1).build().fill(List.of(HOURS, refused), QUARTER);
        assertThat(asked.get()).isEqualTo(1);
        assertThat(report.failed()).hasSize(3).allMatch(failed -> failed.cause() instanceof Refused);
        assertThat(report.committed()).isEqualTo(3);
        assertThat(report.status()).isEqualTo(BackfillStatus.FAILED);
        assertThat(report.toString()).contains("No such symbol");
    }

    @Test
    void whatTheSourceSaidNothingOfIsNeverCalledComplete() {
        MemoryStore half = MemoryStore.create();
        half.write(source.read(HOURS, TimeRange.month("2024-01")));
        BackfillReport report = Backfiller.from(half).to(store).build().fill(HOURS, QUARTER);
        assertThat(report.status().exitCode()).isEqualTo(3);
        assertThat(report.toString()).startsWith("Incomplete with 1 gap, of 1 of which the source said nothing");
    }

    @Test
    void theStatusTellsWhatToDoNext() {
        assertThat(Backfiller.from(source)
                        .to(store)
                        .build()
                        .fill(HOURS, QUARTER)
                        .status()
                        .exitCode())
                .isZero();
        TimeRange outage = TimeRange.of("2023-03-24T12:00:00Z", "2023-03-24T14:00:00Z");
        source.withHole(new Gap(outage, GapReason.VENUE_OUTAGE, "no trades", Instant.EPOCH, Gap.NEVER));
        BackfillReport gaps = Backfiller.from(source).to(store).build().fill(HOURS, TimeRange.month("2023-03"));
        assertThat(gaps.status()).isEqualTo(BackfillStatus.COMPLETE_WITH_GAPS);
        assertThat(gaps.status().exitCode()).isEqualTo(3);
        assertThat(gaps.gaps().get(HOURS))
                .singleElement()
                .extracting(Gap::range)
                .isEqualTo(outage);
        source.failing(TimeRange.month("2023-05"), new Unavailable("down"));
        assertThat(Backfiller.from(source)
                        .to(store)
                        .build()
                        .fill(HOURS, TimeRange.month("2023-05"))
                        .status()
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void aFileThatWasPublishedAnewReplacesItsUnitOnceAndAMissingUnitIsNotRefreshed() {
        AtomicInteger edition = new AtomicInteger();
        Revising upstream = new Revising(source, edition);
        Backfiller backfiller = Backfiller.from(upstream).to(store).build();
        backfiller.fill(HOURS, TimeRange.of("2024-01-01", "2024-03-01"));
        assertThat(backfiller.refresh(HOURS, QUARTER).units()).isEmpty();
        edition.set(1);
        BackfillPlan changed = backfiller.refresh(HOURS, QUARTER);
        assertThat(changed.units()).extracting(PlannedUnit::label).containsExactly("2024-02");
        assertThat(changed.units().get(0).reason()).isEqualTo("published anew");
        assertThat(changed.toString()).contains("published anew");
        backfiller.run(changed);
        assertThat(backfiller.refresh(HOURS, QUARTER).units()).isEmpty();
        assertThat(store.ledger(HOURS, QUARTER))
                .extracting(LedgerEntry::revision)
                .containsExactly(1L, 2L);
    }

    @Test
    void theTimeLeftFollowsFromThePaceByTheTickerAlone() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may start anywhere, and wraps
        List<Progress> seen = new ArrayList<>();
        BackfillReport report = Backfiller.from(source)
                .to(store)
                .parallelism(1)
                .ticker(nanos::get)
                .listener(new BackfillListener() {
                    @Override
                    public void committed(PlannedUnit unit, WriteResult result, Progress progress) {
                        seen.add(progress);
                    }

                    @Override
                    public void started(PlannedUnit unit) {
                        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
                    }
                })
                .build()
                .fill(HOURS, TimeRange.of("2024-01-01", "2024-05-01"));
        assertThat(seen)
                .extracting(Progress::elapsed)
                .containsExactly(
                        Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(40));
        assertThat(seen)
                .extracting(Progress::remaining)
                .containsExactly(
                        Optional.of(Duration.ofSeconds(30)),
                        Optional.of(Duration.ofSeconds(20)),
                        Optional.of(Duration.ofSeconds(10)),
                        Optional.of(Duration.ZERO));
        assertThat(seen.get(0)).hasToString("1/4 units, 744 rows, 30 s left");
        assertThat(report.duration()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void progressNeverClaimsToBeDoneBeforeItIs() {
        assertThat(new Progress(0, 2, 5_000, 1_000, Duration.ofSeconds(1)).fraction())
                .isLessThan(1);
        assertThat(new Progress(0, 2, 0, 0, Duration.ofSeconds(1)).remaining()).isEmpty();
        assertThat(new Progress(0, 0, 0, 0, Duration.ZERO).fraction()).isEqualTo(1);
        assertThat(new Progress(1, 2, 10, 1_000, Duration.ofSeconds(1)).fraction())
                .isEqualTo(0.5);
    }

    private static final class Listening implements BackfillListener {
        private final List<String> heard;

        Listening(List<String> heard) {
            this.heard = heard;
        }

        @Override
        public void planned(BackfillPlan plan) {
            heard.add("planned " + plan.units().size());
        }

        @Override
        public void started(PlannedUnit unit) {
            heard.add("started " + unit.label());
        }

        @Override
        public void rows(PlannedUnit unit, Progress progress) {
            heard.add("rows " + unit.label() + " " + progress.rows());
        }

        @Override
        public void committed(PlannedUnit unit, WriteResult result, Progress progress) {
            heard.add("committed " + unit.label() + " " + progress.unitsDone() + "/" + progress.unitsTotal());
        }

        @Override
        public void failed(PlannedUnit unit, RuntimeException cause, Progress progress) {
            heard.add("failed " + unit.label() + " " + progress.unitsDone() + "/" + progress.unitsTotal());
        }

        @Override
        public void finished(BackfillReport report) {
            heard.add("finished " + report.status());
        }
    }

    private static class Passing implements Source {
        private final Source below;

        Passing(Source below) {
            this.below = below;
        }

        @Override
        public String name() {
            return below.name();
        }

        @Override
        public boolean serves(Series series) {
            return below.serves(series);
        }

        @Override
        public Batches read(Series series, TimeRange range) {
            return below.read(series, range);
        }
    }

    /** Publishes February anew. */
    private static final class Revising extends Passing implements Revisable {
        private final AtomicInteger edition;
        private final TimeRange february = TimeRange.month("2024-02");

        Revising(Source below, AtomicInteger edition) {
            super(below);
            this.edition = edition;
        }

        @Override
        public Batches read(Series series, TimeRange range) {
            int now = february.overlaps(range) ? edition.get() : 0;
            return Batches.of(
                    series, range, SyntheticCandles.batches(series, range, now), dev.candlewick.Provenance.none());
        }

        @Override
        public Optional<String> changed(LedgerEntry entry) {
            String current = dev.candlewick.ContentHash.of(
                    entry.series().schema(),
                    SyntheticCandles.batches(
                            entry.series(), entry.unit(), february.equals(entry.unit()) ? edition.get() : 0));
            return entry.contentHash().equals(current) ? Optional.empty() : Optional.of("published anew");
        }
    }
}
