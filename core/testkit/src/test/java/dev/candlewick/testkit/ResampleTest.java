package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.candle.Candle;
import dev.candlewick.candle.CandleDataReader;
import dev.candlewick.candle.Candles;
import dev.candlewick.candle.Resample;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Longer candles against sums in BigDecimal. */
class ResampleTest {

    private static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT";
    private static final Series MINUTES = Series.candles(BTC, "1m");
    private static final Instant PROVEN = Instant.parse("2025-01-01T00:00:00Z");
    private static final Interval HOUR = Interval.parse("1h");

    @Property(tries = 60)
    void theSumsOfALongCandleAreThoseOfItsParts(@ForAll long seed, @ForAll @IntRange(max = 6) int target) {
        String interval =
                List.of("3m", "15m", "1h", "4h", "1d", "1d@Europe/Zurich", "1w").get(target);
        TimeRange range = TimeRange.of("2024-03-25", "2024-04-02");
        MemoryStore store = withHoles(seed, range);
        Series longer = Series.parse(BTC + "/candles:" + interval);
        Cadence.Grid grid = (Cadence.Grid) longer.cadence();
        TimeRange slots = grid.slots(TimeRange.of("2024-03-24", "2024-04-09")).orElseThrow();
        Map<Long, List<Candle>> parts = new TreeMap<>();
        for (Candle minute : Candles.of(store.read(MINUTES, slots))) {
            parts.computeIfAbsent(grid.floor(micros(minute.openTime())), open -> new ArrayList<>())
                    .add(minute);
        }
        // Beyond the stored range nobody has asked for the parts.
        parts.keySet().removeIf(open -> !range.contains(TimeRange.ofEpochMicros(open, grid.next(open))));
        Candles candles = Candles.of(Resample.over(store).read(longer, slots));
        assertThat(candles.size()).isEqualTo(parts.size());
        int index = 0;
        for (Map.Entry<Long, List<Candle>> slot : parts.entrySet()) {
            Candle candle = candles.get(index++);
            List<Candle> own = slot.getValue();
            assertThat(micros(candle.openTime())).isEqualTo(slot.getKey());
            assertThat(candle.open()).isEqualTo(own.get(0).open());
            assertThat(candle.close()).isEqualTo(own.get(own.size() - 1).close());
            assertThat(candle.high())
                    .isEqualTo(own.stream()
                            .map(Candle::high)
                            .reduce(BigDecimal::max)
                            .orElseThrow());
            assertThat(candle.low())
                    .isEqualTo(own.stream()
                            .map(Candle::low)
                            .reduce(BigDecimal::min)
                            .orElseThrow());
            assertThat(candle.volume())
                    .isEqualTo(sum(own.stream().map(Candle::volume).toList()));
            assertThat(candle.quoteVolume())
                    .isEqualTo(sum(own.stream().map(Candle::quoteVolume).toList()));
            assertThat(candle.takerBuyVolume())
                    .isEqualTo(sum(own.stream().map(Candle::takerBuyVolume).toList()));
            assertThat(candle.takerBuyQuoteVolume())
                    .isEqualTo(sum(own.stream().map(Candle::takerBuyQuoteVolume).toList()));
            assertThat(candle.trades())
                    .isEqualTo(own.stream().mapToLong(Candle::trades).sum());
            assertThat(micros(candle.closeTime())).isEqualTo(grid.next(slot.getKey()) - 1_000);
        }
    }

    @Property(tries = 60)
    void itMakesNoDifferenceToGoByHours(@ForAll long seed) {
        TimeRange range = TimeRange.of("2024-03-01", "2024-03-05");
        MemoryStore store = withHoles(seed, range);
        Series days = Series.candles(BTC, "1d");
        Resample direct = Resample.over(store);
        Resample byHours = Resample.over(Resample.over(store), HOUR);
        assertThat(Rows.of(byHours, days, range)).isEqualTo(Rows.of(direct, days, range));
        assertThat(gaps(byHours, days, range)).isEqualTo(gaps(direct, days, range));
    }

    @Property(tries = 60)
    void aCandleIsListedWhenNoneOfItsPartsWasPublished(@ForAll long seed) {
        TimeRange range = TimeRange.of("2024-03-01", "2024-03-04");
        MemoryStore store = withHoles(seed, range);
        Series hours = Series.candles(BTC, "1h");
        TimeRanges parts = store.coverage(MINUTES, range).present();
        List<Gap> gaps = gaps(Resample.over(store), hours, range);
        for (TimeRange hour : range.split(java.time.Duration.ofHours(1))) {
            assertThat(gaps.stream().filter(gap -> gap.range().overlaps(hour)).count())
                    .as("%s", hour)
                    .isEqualTo(parts.within(hour).isEmpty() ? 1 : 0);
        }
    }

    @Property(tries = 9)
    void aCandleThatLacksAPartForNoReasonOfTheVenueIsNotGiven(@ForAll GapReason reason) {
        TimeRange range = TimeRange.of("2024-03-01T00:00:00Z", "2024-03-01T03:00:00Z");
        TimeRange hole = TimeRange.of("2024-03-01T01:20:00Z", "2024-03-01T01:21:00Z");
        MemoryStore store = MemoryStore.create();
        if (reason == GapReason.NOT_FETCHED) {
            store.write(new SyntheticSource().read(MINUTES, TimeRange.of(range.start(), hole.start())));
            store.write(new SyntheticSource().read(MINUTES, TimeRange.of(hole.end(), range.end())));
        } else {
            SyntheticSource source = new SyntheticSource();
            source.withHole(new Gap(hole, reason, "seen", PROVEN, Gap.NEVER));
            store.write(source.read(MINUTES, range));
        }
        boolean venue = List.of(
                        GapReason.CONFIRMED_EMPTY,
                        GapReason.VENUE_OUTAGE,
                        GapReason.BEFORE_LISTING,
                        GapReason.AFTER_DELISTING)
                .contains(reason);
        Candles hours = Candles.of(Resample.over(store).read(Series.candles(BTC, "1h"), range));
        assertThat(hours).hasSize(venue ? 3 : 2);
        assertThat(hours.isComplete()).isEqualTo(venue);
        if (!venue) {
            assertThat(hours.gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.reason()).isEqualTo(reason);
                assertThat(gap.range()).isEqualTo(TimeRange.of("2024-03-01T01:00:00Z", "2024-03-01T02:00:00Z"));
            });
        }
    }

    @Example
    void theLastCandleOfAPlainSourceIsGivenOnlyWithItsLastPart() {
        MemoryStore store = MemoryStore.create();
        store.write(new SyntheticSource().read(MINUTES, TimeRange.of("2024-03-01T00:00:00Z", "2024-03-01T01:59:00Z")));
        FaultySource plain = FaultySource.over(store);
        TimeRange range = TimeRange.of("2024-03-01T00:00:00Z", "2024-03-01T02:00:00Z");
        Candles hours = Candles.of(Resample.over(plain).read(Series.candles(BTC, "1h"), range));
        assertThat(hours).hasSize(1);
        assertThat(hours.gaps()).singleElement().extracting(Gap::reason).isEqualTo(GapReason.NOT_FETCHED);
        store.write(new SyntheticSource().read(MINUTES, TimeRange.of("2024-03-01T01:59:00Z", "2024-03-01T02:00:00Z")));
        assertThat(Candles.of(Resample.over(plain).read(Series.candles(BTC, "1h"), range)))
                .hasSize(2);
    }

    @Example
    void daysOfAZoneHave23And25Hours() {
        MemoryStore store = MemoryStore.create();
        for (String day : List.of("2024-03-31", "2024-10-27")) {
            TimeRange around = TimeRange.of(
                    TimeRange.day(day).start().minusSeconds(86_400),
                    TimeRange.day(day).end());
            store.write(new SyntheticSource().read(MINUTES, around));
            TimeRange local = TimeRange.day(java.time.LocalDate.parse(day), java.time.ZoneId.of("Europe/Zurich"));
            Candles days = CandleDataReader.over(store).candles(BTC, "1d@Europe/Zurich", local);
            assertThat(days.size()).isEqualTo(1);
            assertThat(days.isComplete()).isTrue();
            Candles hours = CandleDataReader.over(store).candles(BTC, "1h", local);
            assertThat(hours.size()).isEqualTo(day.equals("2024-03-31") ? 23 : 25);
            BigDecimal volume = BigDecimal.ZERO;
            for (Candle hour : hours) {
                volume = volume.add(hour.volume());
            }
            assertThat(days.volume(0)).isEqualTo(volume);
            assertThat(days.get(0).closeTime()).isEqualTo(local.end().minusMillis(1));
        }
    }

    @Example
    void aSumThatNoColumnHoldsIsRefusedNamingTheCandle() {
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        BatchBuilder builder = new BatchBuilder(MINUTES, 2);
        String widest = "9".repeat(30) + "." + "9".repeat(8);
        for (int i = 0; i < 2; i++) {
            Instant open = hour.start().plusSeconds(60L * i);
            builder.row(open, "1", "1", "1", "1", widest, open.plusMillis(59_999), "1", 1L, "0", "0");
        }
        MemoryStore store = MemoryStore.create();
        store.write(Batches.of(MINUTES, hour, List.of(builder.build()), Provenance.none()));
        assertThatThrownBy(() -> Rows.of(Resample.over(store), Series.candles(BTC, "1h"), hour))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("2024-01-01T05:00:00Z")
                .hasMessageContaining("volume");
        TimeRange minute = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T05:01:00Z");
        assertThat(Rows.of(Resample.over(store), Series.candles(BTC, "1m"), minute))
                .hasSize(1);
    }

    @Example
    void sumsBeyond64BitsAreExact() {
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        BatchBuilder builder = new BatchBuilder(MINUTES, 60);
        for (int i = 0; i < 60; i++) {
            Instant open = hour.start().plusSeconds(60L * i);
            builder.row(
                    open,
                    "1",
                    "1",
                    "1",
                    "1",
                    "92233720368.54775807",
                    open.plusMillis(59_999),
                    "-92233720368.54775807",
                    1L,
                    "0",
                    "0");
        }
        MemoryStore store = MemoryStore.create();
        store.write(Batches.of(MINUTES, hour, List.of(builder.build()), Provenance.none()));
        Candle candle = Candles.of(Resample.over(store).read(Series.candles(BTC, "1h"), hour))
                .get(0);
        BigDecimal expected = new BigDecimal("92233720368.54775807").multiply(BigDecimal.valueOf(60));
        assertThat(candle.volume()).isEqualTo(expected);
        assertThat(candle.quoteVolume()).isEqualTo(expected.negate());
    }

    @Example
    void unevenIntervalsAreRefusedAndSaySo() {
        MemoryStore store = MemoryStore.create();
        TimeRange day = TimeRange.day("2024-01-01");
        Resample fives = Resample.over(store, Interval.parse("5m"));
        assertThat(fives.serves(Series.candles(BTC, "3m"))).isFalse();
        assertThatThrownBy(() -> fives.read(Series.candles(BTC, "3m"), day))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("5m")
                .hasMessageContaining("3m");
        assertThatThrownBy(() -> fives.read(Series.candles(BTC, "1m"), day)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> Rows.of(
                        Resample.over(store, HOUR),
                        Series.parse(BTC + "/candles:1d@Asia/Kolkata"),
                        TimeRange.year(2024)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("Asia/Kolkata");
        assertThat(Resample.over(store).serves(Series.parse(BTC + "/candles:1d@Asia/Kolkata")))
                .isTrue();
        assertThat(Resample.over(store).serves(MINUTES.with(MINUTES.dataset().filled())))
                .isFalse();
    }

    @Example
    void theReaderMakesDaysOfAZoneOfWhateverStoredCandlesBeginWithThem() {
        MemoryStore store = MemoryStore.create();
        TimeRange stored = TimeRange.of("2024-02-20", "2024-06-10");
        for (String interval : List.of("1m", "8h", "1d")) {
            store.write(new SyntheticSource().read(Series.candles(BTC, interval), stored));
        }
        TimeRange range = TimeRange.of("2024-02-28T12:00:00Z", "2024-05-03T12:00:00Z");
        for (String zone : List.of("", "@Europe/Zurich", "@Asia/Kolkata")) {
            for (String interval : List.of("1d", "1w", "1M")) {
                Series wanted = Series.parse(BTC + "/candles:" + interval + zone);
                Candles candles = CandleDataReader.over(store).candles(BTC, interval + zone, range);
                assertThat((long) candles.size())
                        .as("%s", wanted)
                        .isPositive()
                        .isEqualTo(((Cadence.Grid) wanted.cadence()).opens(range));
                assertThat(candles.isComplete()).as("%s", wanted).isTrue();
            }
        }
    }

    @Example
    void theReaderGoesByTheStoredDaysOfTheSameZone() {
        MemoryStore store = MemoryStore.create();
        Series days = Series.parse(BTC + "/candles:1d@Europe/Zurich");
        store.write(new SyntheticSource().read(days, TimeRange.of("2024-02-20", "2024-05-10")));
        CandleDataReader reader = CandleDataReader.over(store);
        assertThat(reader.candles(BTC, "1M@Europe/Zurich", TimeRange.of("2024-02-29", "2024-04-15")))
                .hasSize(2);
        assertThat(reader.availableIntervals(BTC)).isEmpty();
        assertThatThrownBy(() -> reader.candles(BTC, "1M", TimeRange.of("2024-02-29", "2024-04-15")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("candles:1d@Europe/Zurich");
    }

    @Example
    void theReaderOfCandlesListsWhatItCanGive() {
        MemoryStore store = MemoryStore.create();
        store.write(new SyntheticSource().read(MINUTES, TimeRange.day("2024-01-01")));
        CandleDataReader reader = CandleDataReader.over(store);
        assertThat(reader.availableIntervals(BTC))
                .contains(Interval.parse("1m"), HOUR, Interval.parse("1M"))
                .doesNotContain(Interval.parse("1s"));
        assertThat(reader.availableIntervals("BINANCE:SPOT_PAIR:NO-USDT")).isEmpty();
        assertThat(reader.candles(BTC, List.of("1m", "1h"), TimeRange.day("2024-01-01")))
                .extractingByKey("1h")
                .satisfies(hours -> assertThat(hours.size()).isEqualTo(24));
        assertThat(reader.candles(List.of(BTC), "4h", TimeRange.day("2024-01-01"))
                        .get(BTC))
                .hasSize(6);
        assertThat(reader.summary(BTC)).contains("1440 candles");
        assertThatThrownBy(() -> reader.candles("BINANCE:SPOT_PAIR:NO-USDT", "1m", "2024-01-01", "2024-01-02"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("none of this instrument");
        assertThatThrownBy(() -> reader.candles(BTC, "1s", "2024-01-01", "2024-01-02"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("candles:1m");
        assertThatThrownBy(() -> reader.candles(BTC, "1m", "2024-01-02", "2024-01-01"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Gap> gaps(Resample resample, Series series, TimeRange range) {
        try (Batches batches = resample.read(series, range)) {
            batches.forEach(batch -> {});
            return batches.provenance().gaps();
        }
    }

    /** Minutes with a few proven holes, here and there, some longer than an hour. */
    private static MemoryStore withHoles(long seed, TimeRange range) {
        Random random = new Random(seed);
        SyntheticSource source = new SyntheticSource();
        long minutes = range.duration().toMinutes();
        long at = random.nextLong(600);
        while (at < minutes) {
            long length = 1 + random.nextLong(random.nextInt(4) == 0 ? 200 : 3);
            Instant start = range.start().plusSeconds(60 * at);
            TimeRange hole = TimeRange.of(start, start.plusSeconds(60 * length));
            source.withHole(new Gap(hole, GapReason.VENUE_OUTAGE, "no trades", PROVEN, Gap.NEVER));
            at += length + 1 + random.nextLong(600);
        }
        MemoryStore store = MemoryStore.create();
        store.write(source.read(MINUTES, range));
        return store;
    }

    private static BigDecimal sum(List<BigDecimal> values) {
        return values.stream().reduce(BigDecimal.ZERO.setScale(8), BigDecimal::add);
    }

    private static long micros(Instant instant) {
        return TimeRange.of(instant, instant.plusSeconds(1)).startMicros();
    }
}
