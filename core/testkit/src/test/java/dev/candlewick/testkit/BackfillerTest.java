package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.BackfillListener;
import dev.candlewick.BackfillPlan;
import dev.candlewick.BackfillReport;
import dev.candlewick.BackfillStatus;
import dev.candlewick.Backfiller;
import dev.candlewick.Cancelled;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Progress;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteResult;
import dev.candlewick.candle.CandleDataReader;
import dev.candlewick.candle.Candles;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackfillerTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange QUARTER = TimeRange.of("2024-01-01", "2024-04-01");
    private static final TimeRange OUTAGE = TimeRange.of("2024-02-10T12:40:00Z", "2024-02-10T14:00:00Z");
    private static final Instant RECHECK = Instant.parse("2025-01-01T00:00:00Z");

    private final SyntheticSource source = new SyntheticSource();
    private final MemoryStore store = MemoryStore.create();

    @Test
    void aSecondRunAsksForNothing() {
        BackfillReport report = backfiller("2024-06-01T00:00:00Z").fill(BTC, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(report.rowsAdded()).isEqualTo(91 * 1_440);
        assertThat(source.reads()).hasSize(3);
        assertThat(backfiller("2024-06-01T00:00:00Z").fill(BTC, QUARTER).plan().isEmpty())
                .isTrue();
        assertThat(source.reads()).hasSize(3);
    }

    @Test
    void aFailedUnitDoesNotBlockOthersAndTheNextRunFetchesIt() {
        source.failing(TimeRange.month("2024-02"), new Unavailable("down"));
        BackfillReport report = backfiller("2024-06-01T00:00:00Z").fill(BTC, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.FAILED);
        assertThat(report.failed()).hasSize(1);
        assertThat(report.gaps().get(BTC)).containsExactly(Gap.notFetched(TimeRange.month("2024-02")));
        source.recover();
        assertThat(backfiller("2024-06-01T00:00:00Z").fill(BTC, QUARTER).status())
                .isEqualTo(BackfillStatus.COMPLETE);
        assertThat(Rows.hash(store, BTC, QUARTER))
                .isEqualTo(dev.candlewick.ContentHash.of(BTC.schema(), SyntheticCandles.batches(BTC, QUARTER)));
    }

    @Test
    void aProvenHoleIsNotAskedAgainBeforeItsRecheckTime() {
        source.withHole(new Gap(OUTAGE, GapReason.VENUE_OUTAGE, "nothing there", RECHECK.minusSeconds(9), RECHECK));
        BackfillReport report = backfiller("2024-06-01T00:00:00Z").fill(BTC, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE_WITH_GAPS);
        assertThat(backfiller("2024-12-31T23:59:59Z").plan(BTC, QUARTER).isEmpty())
                .isTrue();
        List<PlannedUnit> due =
                backfiller("2025-01-01T00:00:00Z").plan(BTC, QUARTER).units();
        assertThat(due).hasSize(1);
        assertThat(due.get(0).missing().asList()).containsExactly(OUTAGE);
    }

    @Test
    void shardsAreDisjointAndTogetherThePlan() {
        BackfillPlan plan = backfiller("2024-06-01T00:00:00Z").plan(BTC, TimeRange.of("2020-01-01", "2024-01-01"));
        for (int count = 1; count <= 9; count++) {
            List<PlannedUnit> all = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                all.addAll(plan.shard(index, count).units());
            }
            assertThat(all).hasSize(48).containsExactlyInAnyOrderElementsOf(plan.units());
        }
        assertThat(source.reads()).isEmpty();
    }

    @Test
    void filledCandlesAreFlaggedAndTheGapStaysVisible() {
        source.withHole(new Gap(OUTAGE, GapReason.VENUE_OUTAGE, "nothing there", RECHECK, RECHECK));
        backfiller("2024-06-01T00:00:00Z").fill(BTC, QUARTER);
        Candles day = CandleDataReader.over(store)
                .filled()
                .candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m", "2024-02-10", "2024-02-11");
        assertThat(day.size()).isEqualTo(1_440);
        assertThat(day.isFilled(759)).isFalse();
        assertThat(day.isFilled(760)).isTrue();
        assertThat(day.close(839)).isEqualTo(day.close(759));
        assertThat(day.isFilled(840)).isFalse();
        assertThat(day.gaps()).hasSize(1);
    }

    @Test
    void longerCandlesAreExactSumsAndSayWhatTheyLack() {
        source.withHole(new Gap(OUTAGE, GapReason.VENUE_OUTAGE, "nothing there", RECHECK, RECHECK));
        backfiller("2024-06-01T00:00:00Z").fill(BTC, QUARTER);
        CandleDataReader reader = CandleDataReader.over(store);
        Candles minutes = reader.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m", "2024-02-10", "2024-02-11");
        Candles hours = reader.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h", "2024-02-10", "2024-02-11");
        // 13:00 is missing altogether; of 12:00 there is all that the venue has.
        assertThat(hours.size()).isEqualTo(23);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal high = BigDecimal.ZERO;
        for (int i = 60; i < 120; i++) {
            sum = sum.add(minutes.volume(i));
            high = high.max(minutes.high(i));
        }
        assertThat(hours.volume(1)).isEqualTo(sum);
        assertThat(hours.high(1)).isEqualTo(high);
        assertThat(hours.open(1)).isEqualTo(minutes.open(60));
        assertThat(hours.close(1)).isEqualTo(minutes.close(119));
        assertThat(hours.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.range()).isEqualTo(TimeRange.of("2024-02-10T13:00:00Z", "2024-02-10T14:00:00Z"));
            assertThat(gap.reason()).isEqualTo(GapReason.VENUE_OUTAGE);
        });
    }

    @Test
    void daysOfAZoneHave23And25Hours() {
        backfiller("2024-12-01T00:00:00Z").fill(BTC, TimeRange.of("2024-03-29", "2024-04-02"));
        Candles days = CandleDataReader.over(store)
                .candles(
                        "BINANCE:SPOT_PAIR:BTC-USDT",
                        "1d@Europe/Zurich",
                        "2024-03-30T23:00:00Z",
                        "2024-03-31T22:00:00Z");
        assertThat(days.size()).isEqualTo(1);
        assertThat(days.get(0).closeTime()).isEqualTo(Instant.parse("2024-03-31T21:59:59.999Z"));
        assertThat(days.isComplete()).isTrue();
    }

    @Test
    void anUnconfirmedCommitIsSettledByAskingTheStore() {
        FaultyStore faulty = FaultyStore.over(store).nextCommit(FaultyStore.Fault.UNCONFIRMED_AFTER);
        BackfillReport report = Backfiller.from(source).to(faulty).build().fill(BTC, TimeRange.month("2024-01"));
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(source.reads()).hasSize(1);
        faulty.nextCommit(FaultyStore.Fault.UNCONFIRMED_BEFORE);
        report = Backfiller.from(source).to(faulty).build().fill(BTC, TimeRange.month("2024-02"));
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(source.reads()).hasSize(3);
        assertThat(store.ledger(BTC, QUARTER)).allMatch(entry -> entry.revision() == 1);
    }

    @Test
    void anInterruptedBackfillKeepsItsCommittedRanges() {
        Thread caller = Thread.currentThread();
        Backfiller interrupted = Backfiller.from(source)
                .to(store)
                .parallelism(1)
                .listener(new BackfillListener() {
                    @Override
                    public void committed(PlannedUnit unit, WriteResult result, Progress progress) {
                        caller.interrupt();
                    }
                })
                .build();
        TimeRange years = TimeRange.of("2020-01-01", "2024-01-01");
        assertThatThrownBy(() -> interrupted.fill(BTC, years)).isInstanceOf(Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        int kept = store.ledger(BTC, years).size();
        assertThat(kept).isBetween(1, 47);
        assertThat(backfiller("2024-06-01T00:00:00Z").plan(BTC, years).units()).hasSize(48 - kept);
    }

    private Backfiller backfiller(String now) {
        return Backfiller.from(source)
                .to(store)
                .clock(Clock.fixed(Instant.parse(now), ZoneOffset.UTC))
                .build();
    }
}
