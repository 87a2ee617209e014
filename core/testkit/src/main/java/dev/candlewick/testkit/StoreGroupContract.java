package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteGroup;
import dev.candlewick.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The part of the contract that is about writes that are committed together. Of a store that commits each as cheaply by
 * itself these tests are skipped, and say so.
 */
abstract class StoreGroupContract extends StoreTypesContract {

    private static final Series ETH = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m");
    private static final TimeRange NEXT_MONTH = TimeRange.day("2024-02-01");

    @Test
    void aGroupIsCommittedTogetherAndEveryWriteIsToldByItself() throws Exception {
        List<WriteGroup.Outcome> outcomes;
        try (WriteGroup group = group()) {
            group.add(rows(ETH, DAY, 0));
            group.add(rows(BTC, NEXT_MONTH, 0));
            group.add(rows(BTC, DAY, 0));
            assertThat(group.size()).isEqualTo(3);
            outcomes = group.commit();
        }
        assertThat(outcomes)
                .as("in the order of series and range")
                .extracting(WriteGroup.Outcome::series, WriteGroup.Outcome::range)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(BTC, DAY),
                        org.assertj.core.groups.Tuple.tuple(BTC, NEXT_MONTH),
                        org.assertj.core.groups.Tuple.tuple(ETH, DAY));
        for (WriteGroup.Outcome outcome : outcomes) {
            WriteResult result = result(outcome);
            assertThat(result.rows()).isEqualTo(1_440);
            assertThat(result.unchanged()).isZero();
            assertThat(result.entries()).isEqualTo(store.ledger(outcome.series(), outcome.range()));
        }
        store = reopen(store);
        for (WriteGroup.Outcome outcome : outcomes) {
            assertHolds(outcome.series(), outcome.range(), 0);
        }
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void nothingOfAGroupIsVisibleBeforeItsCommit() {
        write(BTC, DAY, 1);
        try (WriteGroup group = group()) {
            group.add(rows(BTC, DAY, 0));
            group.add(rows(ETH, DAY, 0));
            assertThat(store.series()).containsExactly(BTC);
            assertHolds(BTC, DAY, 1);
            assertThat(Rows.of(store, ETH, DAY)).isEmpty();
            assertThat(store.ledger(ETH, DAY)).isEmpty();
        }
    }

    @Test
    void aGroupThatIsClosedWithoutCommitDropsEverything() throws Exception {
        write(BTC, DAY, 1);
        try (WriteGroup group = group()) {
            group.add(rows(BTC, DAY, 0));
            group.add(rows(ETH, DAY, 0));
        }
        store = reopen(store);
        assertThat(store.series()).containsExactly(BTC);
        assertHolds(BTC, DAY, 1);
    }

    @Test
    void aGroupTakesOneWriteOfACalendarUnit() {
        TimeRange later = TimeRange.day("2024-01-07");
        AtomicInteger closed = new AtomicInteger();
        try (WriteGroup group = group()) {
            group.add(rows(BTC, DAY, 0));
            assertThatThrownBy(() -> group.add(Batches.of(
                            BTC,
                            later,
                            SyntheticCandles.batches(BTC, later).iterator(),
                            Provenance::none,
                            closed::incrementAndGet)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("BTC-USDT");
            assertThat(closed.get()).as("the cursor is closed whatever happens").isPositive();
            group.add(rows(ETH, later, 0));
            assertThat(group.size()).isEqualTo(2);
            assertThat(group.commit()).allMatch(outcome -> outcome.result().isPresent());
        }
        assertHolds(BTC, DAY, 0);
        assertHolds(ETH, later, 0);
        assertThat(Rows.of(store, BTC, later)).isEmpty();
    }

    @Test
    void aWriteOverABorderTakesBothUnits() {
        try (WriteGroup group = group()) {
            group.add(rows(BTC, MONTHS_BORDER, 0));
            assertThatThrownBy(() -> group.add(rows(BTC, DAY, 0))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> group.add(rows(BTC, TimeRange.day("2024-02-20"), 0)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(group.commit())
                    .singleElement()
                    .satisfies(outcome -> assertThat(result(outcome).entries()).hasSize(2));
        }
        assertHolds(BTC, MONTHS_BORDER, 0);
    }

    @Test
    void ofAGroupTheOvertakenWriteFailsAlone() {
        write(BTC, DAY, 0);
        try (WriteGroup group = group()) {
            group.add(rows(BTC, DAY, 1));
            group.add(rows(BTC, NEXT_MONTH, 1));
            group.add(rows(ETH, DAY, 1));
            write(BTC, DAY, 2);
            List<WriteGroup.Outcome> outcomes = group.commit();
            assertThat(outcomes.get(0).failure())
                    .hasValueSatisfying(failure -> assertThat(failure)
                            .isInstanceOf(Unavailable.class)
                            .hasMessageContaining("BTC-USDT")
                            .hasMessageContaining("un again"));
            assertThat(outcomes.subList(1, 3))
                    .allMatch(outcome -> outcome.result().isPresent());
        }
        assertHolds(BTC, DAY, 2);
        assertHolds(BTC, NEXT_MONTH, 1);
        assertHolds(ETH, DAY, 1);
    }

    // The rows may be such that whoever reads them looks at what the store knows, and relies on it until the commit.
    @Test
    void aWriteIsOpenBeforeItsFirstRowIsAskedFor() {
        try (WriteGroup group = group()) {
            group.add(Batches.of(
                    BTC,
                    DAY,
                    new java.util.Iterator<>() {
                        private boolean given;

                        @Override
                        public boolean hasNext() {
                            return !given;
                        }

                        @Override
                        public dev.candlewick.Batch next() {
                            given = true;
                            write(BTC, DAY, 2);
                            return SyntheticCandles.batch(BTC, DAY);
                        }
                    },
                    Provenance::none,
                    () -> {}));
            assertThat(group.commit())
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.failure()).containsInstanceOf(Unavailable.class));
        }
        assertHolds(BTC, DAY, 2);
    }

    @Test
    void whatIsThereAlreadyIsToldAsUnchanged() {
        write(BTC, DAY, 0);
        List<LedgerEntry> before = store.ledger(BTC, DAY);
        try (WriteGroup group = group()) {
            group.add(rows(BTC, DAY, 0));
            group.add(rows(ETH, DAY, 0));
            write(ETH, DAY, 0); // meanwhile, the same
            for (WriteGroup.Outcome outcome : group.commit()) {
                assertThat(result(outcome).unchanged()).isEqualTo(1);
                assertThat(result(outcome).rows()).isEqualTo(1_440);
            }
        }
        assertThat(store.ledger(BTC, DAY)).isEqualTo(before);
        assertThat(store.ledger(ETH, DAY)).extracting(LedgerEntry::revision).containsExactly(1L);
    }

    @Test
    void partsOfUnitsAreReplacedExactly() {
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        write(BTC, DAY, 0);
        write(ETH, DAY, 0);
        try (WriteGroup group = group()) {
            group.add(rows(BTC, hour, 1));
            group.add(rows(ETH, hour, 1));
            assertThat(group.commit()).allMatch(outcome -> result(outcome).rows() == 60);
        }
        for (Series series : List.of(BTC, ETH)) {
            List<List<String>> expected = new ArrayList<>(Rows.of(SyntheticCandles.batches(series, DAY)));
            List<List<String>> replaced = Rows.of(SyntheticCandles.batches(series, hour, 1));
            for (int i = 0; i < 60; i++) {
                expected.set(300 + i, replaced.get(i));
            }
            assertThat(Rows.of(store, series, DAY)).isEqualTo(expected);
            assertThat(store.ledger(series, DAY).get(0).revision()).isEqualTo(2);
        }
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void aGroupRecordsWhatIsProvenAlsoWithoutRows() throws Exception {
        Gap outage = new Gap(DAY, GapReason.VENUE_OUTAGE, "status page", PROVEN, Gap.NEVER);
        write(ETH, DAY, 0);
        try (WriteGroup group = group()) {
            for (Series series : List.of(BTC, ETH)) {
                group.add(
                        Batches.of(series, DAY, List.of(), new Provenance("s", List.of(), List.of(outage), List.of())));
            }
            group.commit().forEach(StoreGroupContract::result);
        }
        store = reopen(store);
        for (Series series : List.of(BTC, ETH)) {
            assertThat(store.coverage(series, DAY).gaps()).containsExactly(outage);
            assertThat(Rows.of(store, series, DAY)).isEmpty();
        }
    }

    @Test
    void rowsOfEveryTypeGoThroughAGroup() throws Exception {
        try (WriteGroup group = group()) {
            group.add(Batches.of(EVENTS, DAY, List.of(everyType()), Provenance.none()));
            group.add(rows(BTC, DAY, 0));
            group.commit().forEach(StoreGroupContract::result);
        }
        store = reopen(store);
        assertThat(Rows.of(store, EVENTS, DAY)).isEqualTo(Rows.of(List.of(everyType())));
        assertHolds(BTC, DAY, 0);
    }

    @Test
    void whatFailsWhileItIsAddedIsNotInTheGroup() {
        try (WriteGroup group = group()) {
            group.add(rows(ETH, DAY, 0));
            Batches torn = FaultySource.over(new SyntheticSource())
                    .dyingAfterRows(700, new Unavailable("torn off"))
                    .read(BTC, DAY);
            assertThatThrownBy(() -> group.add(torn))
                    .isInstanceOf(Unavailable.class)
                    .hasMessage("torn off");
            assertThatThrownBy(() ->
                            group.add(Batches.of(BTC.with(BTC.dataset().filled()), DAY, List.of(), Provenance.none())))
                    .isInstanceOf(Refused.class);
            assertThat(group.size()).isEqualTo(1);
            group.add(rows(BTC, DAY, 1));
            assertThat(group.commit())
                    .hasSize(2)
                    .allMatch(outcome -> outcome.result().isPresent());
        }
        assertHolds(BTC, DAY, 1);
        assertHolds(ETH, DAY, 0);
    }

    @Test
    void aGroupIsCommittedOnceAndTakesNothingAfterwards() {
        try (WriteGroup group = group()) {
            group.add(rows(BTC, DAY, 0));
            group.commit();
            assertThatThrownBy(group::commit).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> group.add(rows(ETH, DAY, 0))).isInstanceOf(IllegalStateException.class);
        }
        WriteGroup closed = group();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.add(rows(ETH, DAY, 0))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(closed::commit).isInstanceOf(IllegalStateException.class);
        assertHolds(BTC, DAY, 0);
        assertThat(store.series()).containsExactly(BTC);
    }

    @Test
    void anEmptyGroupCommitsNothing() {
        try (WriteGroup group = group()) {
            assertThat(group.size()).isZero();
            assertThat(group.isFull()).isFalse();
            assertThat(group.commit()).isEmpty();
        }
        assertThat(store.series()).isEmpty();
    }

    @Test
    void manyThreadsFillOneGroup() throws Exception {
        List<Series> many = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            many.add(Series.candles("BINANCE:SPOT_PAIR:C" + i + "-USDT", "1m"));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (WriteGroup group = group()) {
            List<Callable<Boolean>> adds = new ArrayList<>();
            many.forEach(series -> adds.add(() -> {
                group.add(rows(series, DAY, 0));
                return true;
            }));
            for (Future<Boolean> added : threads.invokeAll(adds)) {
                assertThat(added.get()).isTrue();
            }
            assertThat(group.size()).isEqualTo(12);
            assertThat(group.commit())
                    .hasSize(12)
                    .allMatch(outcome -> outcome.result().isPresent());
        } finally {
            threads.shutdownNow();
        }
        many.forEach(series -> assertHolds(series, DAY, 0));
    }

    @Test
    void ofTwoGroupsWithTheSameUnitsTheSecondReplacesNothing() {
        try (WriteGroup first = group();
                WriteGroup second = group()) {
            first.add(rows(BTC, DAY, 1));
            second.add(rows(BTC, DAY, 2));
            second.add(rows(ETH, DAY, 2));
            first.commit().forEach(StoreGroupContract::result);
            List<WriteGroup.Outcome> outcomes = second.commit();
            assertThat(outcomes.get(0).failure()).containsInstanceOf(Unavailable.class);
            result(outcomes.get(1));
        }
        assertHolds(BTC, DAY, 1);
        assertHolds(ETH, DAY, 2);
    }

    private WriteGroup group() {
        Optional<WriteGroup> group = store.group();
        assumeTrue(group.isPresent(), () -> store.name() + " commits each write as cheaply by itself");
        return group.orElseThrow();
    }

    private void assertHolds(Series series, TimeRange range, int edition) {
        assertThat(Rows.of(store, series, range)).isEqualTo(Rows.of(SyntheticCandles.batches(series, range, edition)));
    }

    private static Batches rows(Series series, TimeRange range, int edition) {
        return Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none());
    }

    private static WriteResult result(WriteGroup.Outcome outcome) {
        return outcome.result().orElseThrow(() -> new AssertionError(outcome.toString()));
    }
}
