package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.Candle;
import dev.candlewick.candle.Candles;
import dev.candlewick.candle.ForwardFill;
import dev.candlewick.candle.Resample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Forward fill over stores and over sources of which nothing is known beforehand. */
class ForwardFillTest {

    private static final Series MINUTES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-02-10");
    private static final Instant PROVEN = Instant.parse("2025-01-01T00:00:00Z");

    private final SyntheticSource source = new SyntheticSource();

    @Property(tries = 100)
    void everySlotBetweenRowsIsFilledWithTheCloseBefore(@ForAll long seed) {
        Random random = new Random(seed);
        SyntheticSource holed = new SyntheticSource();
        for (int hole = 0; hole < 6; hole++) {
            long start = DAY.startMicros() + random.nextLong(1_440) * 60_000_000;
            long length = 1 + random.nextLong(60);
            holed.withHole(gap(TimeRange.ofEpochMicros(start, start + length * 60_000_000), GapReason.CONFIRMED_EMPTY));
        }
        List<Candle> plain = new ArrayList<>();
        Candles.of(holed.read(MINUTES, DAY)).forEach(plain::add);
        Candles filled = Candles.of(ForwardFill.over(holed).read(MINUTES, DAY));
        int at = 0;
        Instant due = plain.get(0).openTime();
        for (Candle candle : filled) {
            assertThat(candle.openTime()).isEqualTo(due);
            due = due.plusSeconds(60);
            if (at < plain.size() && plain.get(at).openTime().equals(candle.openTime())) {
                assertThat(candle).isEqualTo(plain.get(at++));
            } else {
                assertThat(candle.filled()).isTrue();
                assertThat(candle.open()).isEqualTo(plain.get(at - 1).close());
                assertThat(candle.close()).isEqualTo(candle.open());
                assertThat(candle.high()).isEqualTo(candle.low()).isEqualTo(candle.open());
                assertThat(candle.volume()).isZero();
                assertThat(candle.trades()).isZero();
                assertThat(candle.closeTime()).isEqualTo(due.minusMillis(1));
            }
        }
        assertThat(at).isEqualTo(plain.size());
        assertThat(due).as("also after the last row, where absence is proven").isEqualTo(DAY.end());
        assertThat(filled.gaps()).isEqualTo(Candles.of(holed.read(MINUTES, DAY)).gaps());
    }

    @Property(tries = 60)
    void aStoreAndTheSourceItWasFilledFromGiveTheSame(@ForAll long seed) {
        SyntheticSource holed = new SyntheticSource();
        Random random = new Random(seed);
        for (int hole = 0; hole < 4; hole++) {
            Instant start = DAY.start().plusSeconds(60 * (1 + random.nextLong(1_400)));
            holed.withHole(gap(
                    TimeRange.of(start, start.plusSeconds(60 * (1 + random.nextLong(90)))), GapReason.VENUE_OUTAGE));
        }
        MemoryStore store = MemoryStore.create();
        store.write(holed.read(MINUTES, DAY));
        Series filled = MINUTES.with(MINUTES.dataset().filled());
        assertThat(Rows.of(ForwardFill.over(holed), filled, DAY))
                .isEqualTo(Rows.of(ForwardFill.over(store), filled, DAY));
        Series hours = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "15m");
        assertThat(Rows.of(ForwardFill.over(Resample.over(holed)), hours, DAY))
                .isEqualTo(Rows.of(ForwardFill.over(Resample.over(store)), hours, DAY));
    }

    @Example
    void afterALongCandleThatLacksItsLastPartsTheNextAreFilled() {
        source.withHole(gap(TimeRange.of("2024-02-10T23:40:00Z", "2024-02-11T00:00:00Z"), GapReason.VENUE_OUTAGE));
        Series quarters = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "15m");
        for (Source below : List.of(source, stored(DAY))) {
            Candles filled = Candles.of(ForwardFill.over(Resample.over(below)).read(quarters, DAY));
            assertThat(filled.size()).as(below.name()).isEqualTo(96);
            assertThat(filled.isFilled(94)).isFalse();
            assertThat(filled.isFilled(95)).isTrue();
        }
    }

    @Example
    void theLastCloseBeforeTheRangeIsCarriedIntoItFromAStore() {
        TimeRange night = TimeRange.of("2024-02-09T23:00:00Z", "2024-02-10T01:00:00Z");
        source.withHole(gap(night, GapReason.VENUE_OUTAGE));
        TimeRange days = TimeRange.of("2024-02-09", "2024-02-11");
        MemoryStore store = stored(days);
        Candles day = Candles.of(ForwardFill.over(store).read(MINUTES, DAY));
        Candles before = Candles.of(store.read(MINUTES, TimeRange.day("2024-02-09")));
        assertThat(day.size()).isEqualTo(1_440);
        assertThat(day.isFilled(59)).isTrue();
        assertThat(day.isFilled(60)).isFalse();
        assertThat(day.close(0)).isEqualTo(before.close(before.size() - 1));
        assertThat(day.gaps())
                .containsExactly(
                        gap(TimeRange.of("2024-02-10T00:00:00Z", "2024-02-10T01:00:00Z"), GapReason.VENUE_OUTAGE));
        Candles unknowing = Candles.of(ForwardFill.over(source).read(MINUTES, DAY));
        assertThat(unknowing.size())
                .as("a source that is no store is not asked for what lies before")
                .isEqualTo(1_380);
    }

    @Example
    void aCloseOfLongAgoIsFound() {
        source.withHole(gap(TimeRange.of("2023-03-01", "2024-02-10T12:00:00Z"), GapReason.VENUE_OUTAGE));
        MemoryStore store = stored(TimeRange.of("2023-02-28", "2024-02-11"));
        assertThat(Candles.of(ForwardFill.over(store).read(MINUTES, DAY)).size())
                .isEqualTo(1_440);
    }

    @Example
    void nothingIsCarriedOverATimeWithoutListing() {
        source.withHole(gap(TimeRange.of("2024-02-09T00:00:00Z", "2024-02-09T20:00:00Z"), GapReason.AFTER_DELISTING));
        source.withHole(gap(TimeRange.of("2024-02-09T20:00:00Z", "2024-02-10T06:00:00Z"), GapReason.CONFIRMED_EMPTY));
        MemoryStore store = stored(TimeRange.of("2024-02-08", "2024-02-11"));
        Candles day = Candles.of(ForwardFill.over(store).read(MINUTES, DAY));
        assertThat(day.size()).isEqualTo(18 * 60);
        assertThat(day.isFilled(0)).isFalse();
        Candles days = Candles.of(ForwardFill.over(store).read(MINUTES, TimeRange.of("2024-02-08", "2024-02-11")));
        assertThat(days.size()).isEqualTo(24 * 60 + 18 * 60);
    }

    @Example
    void tailsAreFilledOnlyWhereTheirAbsenceIsProven() {
        TimeRange tail = TimeRange.of("2024-02-10T20:00:00Z", "2024-02-11T00:00:00Z");
        for (GapReason reason : List.of(
                GapReason.CONFIRMED_EMPTY,
                GapReason.VENUE_OUTAGE,
                GapReason.QUARANTINED,
                GapReason.ARCHIVE_HOLE,
                GapReason.NOT_YET_PUBLISHED,
                GapReason.AFTER_DELISTING)) {
            boolean due = reason != GapReason.NOT_YET_PUBLISHED && reason != GapReason.AFTER_DELISTING;
            SyntheticSource ending = new SyntheticSource().withHole(gap(tail, reason));
            MemoryStore store = MemoryStore.create();
            store.write(ending.read(MINUTES, DAY));
            for (Source over : List.of(ending, store)) {
                Candles day = Candles.of(ForwardFill.over(over).read(MINUTES, DAY));
                assertThat(day.size()).as("%s over %s", reason, over.name()).isEqualTo(due ? 1_440 : 1_200);
                assertThat(day.gaps()).containsExactly(gap(tail, reason));
            }
        }
        MemoryStore cut = stored(TimeRange.of("2024-02-10T00:00:00Z", "2024-02-10T20:00:00Z"));
        assertThat(Candles.of(ForwardFill.over(cut).read(MINUTES, DAY)).size())
                .as("nobody asked for the rest")
                .isEqualTo(1_200);
    }

    @Example
    void aHoleOfManyYearsIsFilledBatchByBatch() {
        Series seconds = Series.parse(MINUTES.subject() + "/candles:1s");
        MemoryStore store = MemoryStore.create();
        for (String year : List.of("2000", "2024")) {
            store.write(source.read(seconds, TimeRange.of(year + "-01-01T00:00:00Z", year + "-01-01T00:00:01Z")));
        }
        TimeRange range = TimeRange.of("2000-01-01T00:00:00Z", "2024-01-01T00:00:01Z");
        for (Source over : List.of(store, FaultySource.over(store))) {
            try (Batches rows = ForwardFill.over(over).read(seconds, range)) {
                Iterator<Batch> batches = rows.iterator();
                assertThat(batches.next().rows()).isEqualTo(1);
                assertThat(batches.next().rows())
                        .isEqualTo(batches.next().rows())
                        .isLessThan(100_000);
            }
        }
    }

    @Example
    void nothingIsFilledBeforeAListing() {
        TimeRange morning = TimeRange.of("2024-02-10T00:00:00Z", "2024-02-10T08:00:00Z");
        source.withHole(gap(morning, GapReason.BEFORE_LISTING));
        assertThat(Candles.of(ForwardFill.over(stored(DAY)).read(MINUTES, DAY)).size())
                .isEqualTo(960);
        assertThat(Candles.of(ForwardFill.over(source).read(MINUTES, DAY)).size())
                .isEqualTo(960);
    }

    @Example
    void whatWasNeverFetchedStaysEmptyAndIsSaidSo() {
        Candles nothing = Candles.of(ForwardFill.over(MemoryStore.create()).read(MINUTES, DAY));
        assertThat(nothing.isEmpty()).isTrue();
        assertThat(nothing.gaps()).containsExactly(Gap.notFetched(DAY));
    }

    @Example
    void filledRowsCannotBeStored() {
        source.withHole(gap(TimeRange.of("2024-02-10T05:00:00Z", "2024-02-10T06:00:00Z"), GapReason.VENUE_OUTAGE));
        MemoryStore store = stored(DAY);
        Batches filled = ForwardFill.over(store).read(MINUTES, DAY);
        assertThatThrownBy(() -> MemoryStore.create().write(filled))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("filled");
        assertThat(ForwardFill.over(store).serves(MINUTES.with(MINUTES.dataset().filled())))
                .isTrue();
    }

    private MemoryStore stored(TimeRange range) {
        MemoryStore store = MemoryStore.create();
        store.write(source.read(MINUTES, range));
        return store;
    }

    private static Gap gap(TimeRange range, GapReason reason) {
        return new Gap(range, reason, "shown", PROVEN, Gap.NEVER);
    }
}
