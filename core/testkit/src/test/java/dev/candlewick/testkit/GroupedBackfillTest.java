package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.BackfillListener;
import dev.candlewick.BackfillPlan;
import dev.candlewick.BackfillReport;
import dev.candlewick.BackfillStatus;
import dev.candlewick.Backfiller;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.CopyPlan;
import dev.candlewick.Corrupt;
import dev.candlewick.FailedUnit;
import dev.candlewick.LedgerEntry;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Progress;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.StoreCopy;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.WriteGroup;
import dev.candlewick.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs on a store that commits in groups: everything that a run promises, with fewer commits. */
@Timeout(60)
class GroupedBackfillTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final Series ETH = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1h");
    private static final TimeRange QUARTER = TimeRange.of("2024-01-01", "2024-04-01");
    private static final TimeRange FEBRUARY = TimeRange.month("2024-02");

    private final SyntheticSource source = new SyntheticSource();
    private final Counting store = new Counting(MemoryStore.grouping(4));

    @Test
    void unitsAreCommittedTogetherAndToldOneByOne() {
        List<String> heard = new ArrayList<>();
        BackfillReport report = Backfiller.from(source)
                .to(store)
                .parallelism(1)
                .listener(new BackfillListener() {
                    @Override
                    public void started(PlannedUnit unit) {
                        heard.add("started " + unit.label());
                    }

                    @Override
                    public void committed(PlannedUnit unit, WriteResult result, Progress progress) {
                        heard.add("committed " + unit.label() + " " + progress.unitsDone() + " " + result.rows());
                    }
                })
                .build()
                .fill(List.of(BTC, ETH), QUARTER);
        assertThat(store.sizes).containsExactly(4, 2);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(report.committed()).isEqualTo(6);
        assertThat(report.rowsAdded()).isEqualTo(2 * 91 * 24);
        assertThat(heard)
                .containsExactly(
                        "started 2024-01",
                        "started 2024-01",
                        "started 2024-02",
                        "started 2024-02",
                        "committed 2024-01 1 744",
                        "committed 2024-01 2 744",
                        "committed 2024-02 3 696",
                        "committed 2024-02 4 696",
                        "started 2024-03",
                        "started 2024-03",
                        "committed 2024-03 5 744",
                        "committed 2024-03 6 744");
        assertThat(store.open).hasValue(0);
    }

    @Test
    void theStoreIsTheSameAsWithoutGroupsHoweverManyThreadsFillThem() {
        MemoryStore single = MemoryStore.create();
        TimeRange years = TimeRange.of("2022-01-01", "2024-06-10");
        Backfiller.from(source).to(single).build().fill(List.of(BTC, ETH), years);
        for (int parallelism : List.of(1, 3, 16)) {
            for (int writes : List.of(1, 7, 1_000)) {
                MemoryStore grouping = MemoryStore.grouping(writes);
                BackfillReport report = Backfiller.from(source)
                        .to(grouping)
                        .parallelism(parallelism)
                        .build()
                        .fill(List.of(BTC, ETH), years);
                assertThat(report.committed()).isEqualTo(60);
                for (Series series : List.of(BTC, ETH)) {
                    StoreTestBed.assertSameRows(grouping.ledger(series, years), single.ledger(series, years));
                    assertThat(Rows.hash(grouping, series, years)).isEqualTo(Rows.hash(single, series, years));
                }
            }
        }
    }

    @Test
    void unitsAreReadSideBySideIntoOneGroup() {
        CyclicBarrier three = new CyclicBarrier(3);
        FaultySource meeting = FaultySource.over(source).beforeEveryBatch(() -> {
            try {
                three.await(20, TimeUnit.SECONDS);
            } catch (Exception alone) {
                throw new AssertionError("three units were to be read at once", alone);
            }
        });
        BackfillReport report =
                Backfiller.from(meeting).to(store).parallelism(3).build().fill(BTC, QUARTER);
        assertThat(report.committed()).isEqualTo(3);
        assertThat(store.sizes).containsExactly(3);
    }

    @Test
    void whileOneGroupIsCommittedTheNextIsFilled() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        CountDownLatch filled = new CountDownLatch(1);
        Counting slow = new Counting(MemoryStore.grouping(2)) {
            @Override
            void beforeCommit(WriteGroup group) {
                committing.countDown();
                await(filled);
            }

            @Override
            void afterAdd() {
                if (committing.getCount() == 0) {
                    filled.countDown();
                }
            }
        };
        BackfillReport report =
                Backfiller.from(source).to(slow).parallelism(2).build().fill(List.of(BTC, ETH), QUARTER);
        assertThat(report.committed()).isEqualTo(6);
        assertThat(slow.mostCommits).hasValue(1);
    }

    @Test
    void whatFailsWhenItIsAddedStopsNoOther() {
        source.failing(FEBRUARY, new Unavailable("down"));
        BackfillReport report = Backfiller.from(source).to(store).build().fill(List.of(BTC, ETH), QUARTER);
        assertThat(report.failed())
                .hasSize(2)
                .allMatch(failed -> failed.unit().unit().equals(FEBRUARY));
        assertThat(report.committed()).isEqualTo(4);
        assertThat(store.sizes).containsExactly(4);
        source.recover();
        BackfillReport rest = Backfiller.from(source).to(store).build().fill(List.of(BTC, ETH), QUARTER);
        assertThat(rest.committed()).isEqualTo(2);
        assertThat(rest.status()).isEqualTo(BackfillStatus.COMPLETE);
    }

    @Test
    void aRefusedSeriesIsAskedForOnceAndOthersGoOn() {
        FaultySource choosy = FaultySource.over(source).failingRead(1, new Refused("No such symbol"));
        BackfillReport report =
                Backfiller.from(choosy).to(store).parallelism(1).build().fill(List.of(BTC, ETH), QUARTER);
        assertThat(report.failed())
                .hasSize(3)
                .allMatch(failed -> failed.unit().series().equals(BTC));
        assertThat(report.committed()).isEqualTo(3);
    }

    @Test
    void aStoreThatGivesNoGroupFailsEveryUnitAndEnds() {
        Store closed = new ForwardingStore(MemoryStore.create()) {
            @Override
            public Optional<WriteGroup> group() {
                throw new Refused("nothing can be written here");
            }
        };
        BackfillReport report = Backfiller.from(source).to(closed).build().fill(BTC, QUARTER);
        assertThat(report.failed()).hasSize(3).allMatch(failed -> failed.cause() instanceof Refused);
    }

    @Test
    void oneOvertakenUnitFailsAlone() {
        Counting overtaken = new Counting(MemoryStore.grouping(10)) {
            @Override
            void beforeCommit(WriteGroup group) {
                GroupedBackfillTest.write(store(), BTC, FEBRUARY, 3);
            }
        };
        BackfillReport report = Backfiller.from(source).to(overtaken).build().fill(BTC, QUARTER);
        assertThat(report.failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.unit().unit()).isEqualTo(FEBRUARY))
                .extracting(FailedUnit::cause)
                .isInstanceOf(Unavailable.class);
        assertThat(report.committed()).isEqualTo(2);
        assertThat(Rows.of(overtaken, BTC, FEBRUARY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, FEBRUARY, 3)));
    }

    @Test
    void aGroupWhoseReplyWasLostIsSettledByTheLedger() {
        FaultyStore faulty = FaultyStore.over(store).nextCommit(FaultyStore.Fault.UNCONFIRMED_AFTER);
        BackfillReport report =
                Backfiller.from(source).to(faulty).parallelism(1).build().fill(BTC, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(report.committed()).isEqualTo(3);
        assertThat(report.rowsAdded()).isEqualTo(91 * 24);
        assertThat(source.reads()).as("nothing is asked for twice").hasSize(3);
        assertThat(store.ledger(BTC, QUARTER)).extracting(LedgerEntry::revision).containsOnly(1L);
    }

    @Test
    void aGroupThatPerhapsNeverArrivedIsWrittenOnceMoreUnitByUnit() {
        FaultyStore faulty = FaultyStore.over(store).nextCommit(FaultyStore.Fault.UNCONFIRMED_BEFORE);
        BackfillReport report =
                Backfiller.from(source).to(faulty).parallelism(2).build().fill(BTC, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(report.committed()).isEqualTo(3);
        assertThat(report.rowsAdded()).isEqualTo(91 * 24);
        assertThat(source.reads()).hasSize(6);
    }

    @Test
    void whatStaysUnknownFailsAndTheOthersDoNot() {
        FaultyStore faulty = FaultyStore.over(store)
                .nextCommit(FaultyStore.Fault.UNCONFIRMED_BEFORE)
                .nextCommit(FaultyStore.Fault.UNCONFIRMED_BEFORE);
        BackfillReport report =
                Backfiller.from(source).to(faulty).parallelism(1).build().fill(BTC, QUARTER);
        assertThat(report.failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.cause()).isInstanceOf(Unconfirmed.class));
        assertThat(report.committed()).isEqualTo(2);
    }

    @Test
    void oneUnconfirmedOfAGroupIsSettledByItself() {
        for (boolean landed : List.of(true, false)) {
            Answering answering = new Answering(MemoryStore.grouping(10)) {
                @Override
                List<WriteGroup.Outcome> answer(List<WriteGroup.Outcome> outcomes) {
                    return outcomes.stream()
                            .map(outcome -> outcome.range().equals(FEBRUARY)
                                    ? WriteGroup.Outcome.failed(BTC, FEBRUARY, new Unconfirmed("no reply"))
                                    : outcome)
                            .toList();
                }
            };
            if (!landed) {
                answering.lost.add(FEBRUARY);
            }
            BackfillReport report =
                    Backfiller.from(source).to(answering).build().fill(BTC, QUARTER);
            assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
            assertThat(report.committed()).isEqualTo(3);
            assertThat(report.rowsAdded()).isEqualTo(91 * 24);
            assertThat(answering.opened).as("landed: %s", landed).hasValue(landed ? 0 : 1);
        }
    }

    @Test
    void aUnitThatTheStoreForgotToSpeakOfIsAskedFor() {
        Answering silent = new Answering(MemoryStore.grouping(10)) {
            @Override
            List<WriteGroup.Outcome> answer(List<WriteGroup.Outcome> outcomes) {
                return outcomes.subList(0, 1);
            }
        };
        BackfillReport report = Backfiller.from(source).to(silent).build().fill(BTC, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(report.committed()).isEqualTo(3);
        assertThat(silent.opened).hasValue(0);
    }

    @Test
    void aGroupThatFailsForTheFaultOfOneIsWrittenUnitByUnit() {
        Store fragile = new Counting(MemoryStore.grouping(10)) {
            @Override
            void beforeCommit(WriteGroup group) {
                throw new Refused("row 7 does not fit");
            }

            @Override
            public SinkWriter open(Series series, TimeRange range) {
                if (range.equals(FEBRUARY)) {
                    throw new Refused("row 7 does not fit");
                }
                return super.open(series, range);
            }
        };
        BackfillReport report = Backfiller.from(source).to(fragile).build().fill(BTC, QUARTER);
        assertThat(report.failed()).singleElement().asString().contains("2024-02", "row 7 does not fit");
        assertThat(report.committed()).isEqualTo(2);
    }

    @Test
    void aStoreThatCannotBeReachedFailsTheGroupOnceAndTheRestGoesOn() {
        FaultyStore faulty = FaultyStore.over(store).nextCommit(FaultyStore.Fault.DIES_BEFORE);
        BackfillReport report =
                Backfiller.from(source).to(faulty).parallelism(1).build().fill(List.of(BTC, ETH), QUARTER);
        assertThat(report.failed()).hasSize(4).allMatch(failed -> failed.cause() instanceof Unavailable);
        assertThat(report.committed()).isEqualTo(2);
        assertThat(source.reads()).hasSize(6);
    }

    @Test
    void theMissingPartsOfAUnitGoThroughOneGroupAfterTheOther() {
        for (Series series : List.of(BTC, ETH)) {
            write(store, series, TimeRange.of("2024-01-05", "2024-01-06"), 0);
            write(store, series, TimeRange.of("2024-01-15", "2024-01-16"), 0);
        }
        BackfillPlan plan =
                Backfiller.from(source).to(store).build().plan(List.of(BTC, ETH), TimeRange.month("2024-01"));
        assertThat(plan.units())
                .hasSize(2)
                .allMatch(unit -> unit.missing().asList().size() == 3);
        BackfillReport report =
                Backfiller.from(source).to(store).parallelism(2).build().run(plan);
        assertThat(report.committed()).isEqualTo(2);
        assertThat(report.rowsAdded()).isEqualTo(2 * 29 * 24);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(store.sizes).hasSizeBetween(3, 6);
        assertThat(store.sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(6);
    }

    @Test
    void aLaterPartThatPerhapsNeverArrivedIsNotTakenForTheEarlierOne() {
        write(store, BTC, TimeRange.of("2024-01-05", "2024-01-06"), 0);
        AtomicInteger begun = new AtomicInteger();
        Counting second = new Counting(store) {
            @Override
            void beforeCommit(WriteGroup group) {
                if (begun.incrementAndGet() == 2) {
                    throw new Unconfirmed("no reply");
                }
            }
        };
        BackfillReport report = Backfiller.from(source).to(second).build().fill(BTC, TimeRange.month("2024-01"));
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(source.reads()).hasSize(3);
        assertThat(Rows.of(second, BTC, TimeRange.month("2024-01"))).hasSize(744);
    }

    @Test
    void aDamagedLedgerEntryFailsItsUnitAlone() {
        Store damaged = new ForwardingStore(store) {
            private volatile boolean planned;

            @Override
            public List<LedgerEntry> ledger(Series series, TimeRange range) {
                if (planned && range.overlaps(FEBRUARY)) {
                    throw new Corrupt("The entry of 2024-02 is damaged");
                }
                return super.ledger(series, range);
            }

            @Override
            public List<String> writeCosts(List<PlannedUnit> units) {
                planned = true;
                return List.of();
            }
        };
        BackfillReport report = Backfiller.from(source).to(damaged).build().fill(BTC, QUARTER);
        assertThat(report.failed()).singleElement().asString().contains("The entry of 2024-02 is damaged");
        assertThat(report.committed()).isEqualTo(2);
    }

    @Test
    void unitsThatTheStoreHoldsAlreadyAreCountedAsSuch() {
        BackfillPlan plan = Backfiller.from(source).to(store).build().plan(BTC, QUARTER);
        Backfiller.from(source).to(store).build().run(plan);
        BackfillReport again = Backfiller.from(source).to(store).build().run(plan);
        assertThat(again.unchanged()).isEqualTo(3);
        assertThat(again.committed()).isZero();
        assertThat(again.rowsAdded()).isZero();
    }

    @Test
    void aRunThatIsInterruptedWhileItReadsDropsTheGroupAndKeepsWhatIsCommitted() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        AtomicInteger read = new AtomicInteger();
        FaultySource endless = FaultySource.over(source).beforeEveryBatch(() -> {
            if (read.incrementAndGet() == 6) {
                reading.countDown();
                pause();
            }
        });
        Throwable ended = interrupted(
                () -> Backfiller.from(endless).to(store).parallelism(1).build().fill(List.of(BTC, ETH), QUARTER),
                reading);
        assertThat(ended).isInstanceOf(Cancelled.class).hasMessageContaining("4 of 6 units committed");
        assertThat(store.sizes).containsExactly(4);
        assertThat(store.open).as("groups left open").hasValue(0);
        assertThat(Backfiller.from(source)
                        .to(store)
                        .build()
                        .fill(List.of(BTC, ETH), QUARTER)
                        .committed())
                .isEqualTo(2);
    }

    @Test
    void aRunThatIsInterruptedWhileItCommitsEnds() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        Counting slow = new Counting(MemoryStore.grouping(2)) {
            @Override
            void beforeCommit(WriteGroup group) {
                committing.countDown();
                pause();
            }
        };
        long start = System.nanoTime();
        Throwable ended = interrupted(
                () -> Backfiller.from(source).to(slow).parallelism(3).build().fill(List.of(BTC, ETH), QUARTER),
                committing);
        assertThat(ended).isInstanceOf(Cancelled.class);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(slow.open).hasValue(0);
        assertThat(slow.ledger(BTC, QUARTER)).isEmpty();
    }

    @Test
    void anErrorEndsTheRunAlsoForThreadsThatWait() {
        Counting broken = new Counting(MemoryStore.grouping(10)) {
            @Override
            void beforeCommit(WriteGroup group) {
                throw new StackOverflowError("deep");
            }
        };
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Backfiller.from(source)
                        .to(broken)
                        .parallelism(3)
                        .build()
                        .fill(BTC, QUARTER))
                .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void aCopyUsesGroupsToo() {
        MemoryStore full = MemoryStore.create();
        Backfiller.from(source).to(full).build().fill(List.of(BTC, ETH), QUARTER);
        assertThat(StoreCopy.from(full).to(store).build().copy(full.series()).copied())
                .isEqualTo(6);
        assertThat(store.sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(6);
        assertThat(store.sizes.size()).isLessThanOrEqualTo(3);
        for (Series series : List.of(BTC, ETH)) {
            assertThat(Rows.hash(store, series, QUARTER)).isEqualTo(Rows.hash(full, series, QUARTER));
        }
    }

    @Test
    void plansSayWhatWritingCostsAndAreEqualWithoutIt() {
        Store counted = new ForwardingStore(MemoryStore.create()) {
            @Override
            public List<String> writeCosts(List<PlannedUnit> units) {
                return List.of(units.size() + " load jobs of 1,500 a day");
            }
        };
        BackfillPlan plan = Backfiller.from(source).to(counted).build().plan(BTC, QUARTER);
        BackfillPlan free =
                Backfiller.from(source).to(MemoryStore.create()).build().plan(BTC, QUARTER);
        assertThat(plan).isEqualTo(free).hasSameHashCodeAs(free);
        assertThat(plan.hash()).isEqualTo(free.hash());
        assertThat(plan.writeCosts()).containsExactly("3 load jobs of 1,500 a day");
        assertThat(plan.toString()).contains("\n  writing: 3 load jobs of 1,500 a day\n");
        assertThat(plan.shard(0, 2).units().size() + plan.shard(1, 2).units().size())
                .isEqualTo(3);
        assertThat(plan.shard(0, 2).writeCosts())
                .containsExactly(plan.shard(0, 2).units().size() + " load jobs of 1,500 a day");
        assertThat(free.toString()).doesNotContain("writing");
        MemoryStore full = MemoryStore.create();
        Backfiller.from(source).to(full).build().fill(BTC, QUARTER);
        CopyPlan copy = StoreCopy.from(full).to(counted).build().plan(BTC, QUARTER);
        CopyPlan freeCopy =
                StoreCopy.from(full).to(MemoryStore.create()).build().plan(BTC, QUARTER);
        assertThat(copy).isEqualTo(freeCopy).hasSameHashCodeAs(freeCopy);
        assertThat(copy.toString()).contains("\n  writing: 3 load jobs of 1,500 a day\n");
    }

    private static Throwable interrupted(Runnable run, CountDownLatch when) throws InterruptedException {
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread running = new Thread(() -> {
            try {
                run.run();
            } catch (Throwable thrown) {
                ended.set(thrown);
            }
        });
        running.start();
        when.await();
        running.interrupt();
        running.join(10_000);
        return ended.get();
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(60);
        } catch (InterruptedException stop) {
            throw new Cancelled("stopped", stop);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new Cancelled("stopped", stop);
        }
    }

    private static void write(Store store, Series series, TimeRange range, int edition) {
        store.write(Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none()));
    }

    /** Counts groups and what was in them. */
    private static class Counting extends ForwardingStore {

        final List<Integer> sizes = new CopyOnWriteArrayList<>();
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger commits = new AtomicInteger();
        final AtomicInteger mostCommits = new AtomicInteger();

        Counting(Store store) {
            super(store);
        }

        void beforeCommit(WriteGroup group) {}

        void afterAdd() {}

        List<WriteGroup.Outcome> commit(WriteGroup group) {
            mostCommits.accumulateAndGet(commits.incrementAndGet(), Math::max);
            try {
                beforeCommit(group);
                sizes.add(group.size());
                return group.commit();
            } finally {
                commits.decrementAndGet();
            }
        }

        @Override
        public Optional<WriteGroup> group() {
            return super.group().map(Counted::new);
        }

        private final class Counted implements WriteGroup {
            private final WriteGroup group;

            Counted(WriteGroup group) {
                this.group = group;
                open.incrementAndGet();
            }

            @Override
            public void add(Batches batches) {
                group.add(batches);
                afterAdd();
            }

            @Override
            public int size() {
                return group.size();
            }

            @Override
            public boolean isFull() {
                return group.isFull();
            }

            @Override
            public List<Outcome> commit() {
                return Counting.this.commit(group);
            }

            @Override
            public void close() {
                open.decrementAndGet();
                group.close();
            }
        }
    }

    /** Answers for a group what a test wants, and may lose some of its writes. */
    private abstract static class Answering extends Counting {

        final AtomicInteger opened = new AtomicInteger();
        final java.util.Set<TimeRange> lost = ConcurrentHashMap.newKeySet();

        Answering(Store store) {
            super(store);
        }

        abstract List<WriteGroup.Outcome> answer(List<WriteGroup.Outcome> outcomes);

        @Override
        List<WriteGroup.Outcome> commit(WriteGroup group) {
            List<WriteGroup.Outcome> outcomes = super.commit(group);
            for (WriteGroup.Outcome outcome : outcomes) {
                if (lost.remove(outcome.range())) {
                    store().forget(outcome.series(), outcome.range());
                }
            }
            return answer(outcomes);
        }

        @Override
        public SinkWriter open(Series series, TimeRange range) {
            opened.incrementAndGet();
            return super.open(series, range);
        }
    }
}
