package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Grids of candle opens against java.time. */
class IntervalTest {

    private static final long LAST_SECOND = 4_102_444_800L; // 2100-01-01
    private static final List<Interval> OTHERS = List.of(
            Interval.parse("10s"),
            Interval.parse("90m"),
            Interval.parse("24h"),
            Interval.parse("2d"),
            Interval.parse("7d"),
            Interval.parse("2w"),
            Interval.parse("3M"),
            Interval.parse("12M"));

    @Property(tries = 10_000)
    void everyInstantLiesBetweenItsOpenAndTheNext(
            @ForAll("intervals") Interval interval,
            @ForAll("zones") ZoneId zone,
            @ForAll @LongRange(min = 0, max = LAST_SECOND) long second) {
        Instant at = Instant.ofEpochSecond(second).plusNanos(123_456_000);
        Instant open = interval.floor(at, zone);
        Instant next = interval.next(at, zone);
        assertThat(open).isBeforeOrEqualTo(at);
        assertThat(next).isAfter(at);
        assertThat(interval.floor(open, zone))
                .as("an open opens its own candle")
                .isEqualTo(open);
        assertThat(interval.next(open, zone)).isEqualTo(next);
        assertThat(interval.floor(next, zone)).as("the next open is an open").isEqualTo(next);
        assertThat(interval.floor(next.minusNanos(1_000), zone))
                .as("nothing opens between")
                .isEqualTo(open);
    }

    @Property(tries = 5_000)
    void daysWeeksAndMonthsAreThoseOfTheZone(
            @ForAll("zones") ZoneId zone, @ForAll @LongRange(min = 0, max = LAST_SECOND) long second) {
        Instant at = Instant.ofEpochSecond(second);
        LocalDate date = at.atZone(zone).toLocalDate();
        Instant midnight = date.atStartOfDay(zone).toInstant();
        Assume.that(!twice(date, zone));
        assertThat(Interval.parse("1d").floor(at, zone)).isEqualTo(midnight);
        assertThat(Interval.parse("1w").floor(at, zone))
                .isEqualTo(date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                        .atStartOfDay(zone)
                        .toInstant());
        assertThat(Interval.parse("1M").floor(at, zone))
                .isEqualTo(date.withDayOfMonth(1).atStartOfDay(zone).toInstant());
        assertThat(Interval.parse("1M").next(at, zone))
                .isEqualTo(
                        date.withDayOfMonth(1).plusMonths(1).atStartOfDay(zone).toInstant());
        assertThat(Interval.parse("3d").floor(at, zone))
                .isEqualTo(LocalDate.ofEpochDay(Math.floorDiv(date.toEpochDay(), 3L) * 3)
                        .atStartOfDay(zone)
                        .toInstant());
        assertThat(Interval.parse("4h").floor(at, zone))
                .isEqualTo(Instant.ofEpochSecond(Math.floorDiv(second, 14_400L) * 14_400));
    }

    // In Newfoundland clocks went from 00:01 back to 23:01 of the day before: a new day began, and was interrupted.
    @Example
    void aDayBeginsOnceWhereClocksGoBackOverMidnight() {
        ZoneId newfoundland = ZoneId.of("America/St_Johns");
        Instant midnight = LocalDate.of(2010, 11, 7).atStartOfDay(newfoundland).toInstant();
        Instant again = midnight.plus(Duration.ofMinutes(20));
        assertThat(again.atZone(newfoundland).toLocalDate()).isEqualTo(LocalDate.of(2010, 11, 6));
        assertThat(Interval.parse("1d").floor(again, newfoundland)).isEqualTo(midnight);
        assertThat(Interval.parse("1d").next(again, newfoundland))
                .isEqualTo(LocalDate.of(2010, 11, 8).atStartOfDay(newfoundland).toInstant());
    }

    @Example
    void aSkippedDayHasNoCandle() {
        ZoneId apia = ZoneId.of("Pacific/Apia");
        Instant last = LocalDate.of(2011, 12, 29).atStartOfDay(apia).toInstant();
        Instant next = Interval.parse("1d").next(last, apia);
        assertThat(next.atZone(apia).toLocalDate()).isEqualTo(LocalDate.of(2011, 12, 31));
        assertThat(Interval.parse("1d").floor(next, apia)).isEqualTo(next);
    }

    @Example
    void leapDaysYearEndsAndChangingClocks() {
        ZoneId zurich = ZoneId.of("Europe/Zurich");
        assertThat(Interval.parse("1M").next(Instant.parse("2024-02-29T12:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("2024-03-01T00:00:00Z");
        assertThat(Interval.parse("1d").next(Instant.parse("2100-02-28T12:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("2100-03-01T00:00:00Z");
        assertThat(Interval.parse("1w").floor(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("2024-12-30T00:00:00Z");
        assertThat(Interval.parse("3d").floor(Instant.parse("1970-01-03T23:59:59Z"), ZoneOffset.UTC))
                .isEqualTo(Instant.EPOCH);
        assertThat(Interval.parse("1d").floor(Instant.parse("2024-03-31T21:59:59Z"), zurich))
                .isEqualTo("2024-03-30T23:00:00Z");
        assertThat(Interval.parse("1d").next(Instant.parse("2024-03-31T21:59:59Z"), zurich))
                .isEqualTo("2024-03-31T22:00:00Z");
        assertThat(Interval.parse("1d").next(Instant.parse("2024-10-27T00:00:00Z"), zurich))
                .isEqualTo("2024-10-27T23:00:00Z");
    }

    @Property(tries = 5_000)
    void everyOpenOfTheLongerIsAnOpenOfTheShorterThatDividesIt(
            @ForAll("intervals") Interval shorter,
            @ForAll("intervals") Interval longer,
            @ForAll("wholeHourZones") ZoneId zone,
            @ForAll @LongRange(min = 86_400 * 400, max = LAST_SECOND) long second) {
        Assume.that(shorter.divides(longer));
        Assume.that(shorter.isCalendar()
                || !longer.isCalendar()
                || shorter.maximumLength().compareTo(Duration.ofHours(1)) <= 0
                || zone.equals(ZoneOffset.UTC));
        ZoneId grid = longer.isCalendar() ? zone : ZoneOffset.UTC;
        Instant open = longer.floor(Instant.ofEpochSecond(second), grid);
        Assume.that(shorter.isCalendar()
                || open.getEpochSecond() % shorter.maximumLength().toSeconds() == 0
                || zone.equals(ZoneOffset.UTC));
        assertThat(shorter.floor(open, grid)).isEqualTo(open);
    }

    @Example
    void dividingIsReflexiveAndSaysNoToUnevenPairs() {
        List<Interval> all = new ArrayList<>(Interval.BINANCE);
        all.addAll(OTHERS);
        for (Interval interval : all) {
            assertThat(interval.divides(interval)).as("%s", interval).isTrue();
        }
        assertThat(divides("1m", "1M")).isTrue();
        assertThat(divides("12h", "1w")).isTrue();
        assertThat(divides("1d", "1M")).isTrue();
        assertThat(divides("3m", "5m")).isFalse();
        assertThat(divides("2h", "3h")).isFalse();
        assertThat(divides("3d", "1w")).isFalse();
        assertThat(divides("3d", "1M")).isFalse();
        assertThat(divides("1w", "1M")).isFalse();
        assertThat(divides("1h", "1m")).isFalse();
        assertThat(divides("1d", "1h")).isFalse();
        assertThat(divides("7d", "1w")).isFalse();
    }

    @Example
    void hostileIntervalsAreRefused() {
        for (String hostile : List.of(
                "",
                "m",
                "1",
                "0m",
                "-1m",
                "+1m",
                "1 m",
                " 1m",
                "1m ",
                "1mm",
                "1H",
                "1D",
                "1y",
                "5h",
                "7m",
                "25h",
                "1441m",
                "5M",
                "10001d",
                "999999m",
                "99999999999m",
                "１m",
                "١m",
                "1.5h",
                "1e1m",
                "candles:1m")) {
            assertThatIllegalArgumentException().as(hostile).isThrownBy(() -> Interval.parse(hostile));
        }
        assertThat(Interval.parse("01m")).isEqualTo(Interval.parse("1m"));
    }

    @Property
    void anIntervalIsWhatItsTextSays(@ForAll("intervals") Interval interval) {
        assertThat(Interval.parse(interval.toString())).isEqualTo(interval);
    }

    @Property
    void anyTextIsAnIntervalOrRefusedAsAnArgument(@ForAll String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Interval.parse(text + "x"));
    }

    @Example
    void shorterIntervalsComeFirst() {
        assertThat(Interval.BINANCE).isSorted();
    }

    @Property
    void slotsAndOpensAreThoseInsideTheRange(
            @ForAll("intervals") Interval interval,
            @ForAll("zones") ZoneId zone,
            @ForAll @LongRange(min = 0, max = LAST_SECOND) long second,
            @ForAll @LongRange(min = 1, max = 100_000_000_000L) long length) {
        ZoneId days = interval.isCalendar() ? zone : ZoneOffset.UTC;
        long cut = Math.min(length, 200 * interval.maximumLength().toSeconds() * 1_000_000);
        Cadence.Grid grid = new Cadence.Grid(interval, days);
        TimeRange range = TimeRange.ofEpochMicros(second * 1_000_000 + 1, second * 1_000_000 + 1 + cut);
        List<Long> opens = new ArrayList<>();
        for (long open = grid.floor(range.startMicros()); open < range.endMicros(); open = grid.next(open)) {
            if (open >= range.startMicros()) {
                opens.add(open);
            }
        }
        assertThat(grid.opens(range)).isEqualTo(opens.size());
        assertThat(grid.slots(range).isPresent()).isEqualTo(!opens.isEmpty());
        grid.slots(range).ifPresent(slots -> {
            assertThat(slots.startMicros()).isEqualTo(opens.get(0));
            assertThat(slots.endMicros()).isEqualTo(grid.next(opens.get(opens.size() - 1)));
        });
    }

    @Example
    void whatIsMadeDayByDayIsWorkedOnByTheDayWhateverItsInterval() {
        for (String text : List.of("15s", "1m", "4h", "24h")) {
            Cadence cadence = Cadence.everyByDay(Interval.parse(text));
            assertThat(cadence.unit()).isEqualTo(CalendarUnit.DAY);
            assertThat(Cadence.parse(cadence.toString())).isEqualTo(cadence);
        }
        assertThat(Cadence.everyByDay(Interval.parse("1m")))
                .hasToString("1m/day")
                .isNotEqualTo(Cadence.parse("1m"));
        for (String text : List.of("1m", "1d@Europe/Zurich", "events", "1M")) {
            assertThat(Cadence.parse(text)).hasToString(text);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cadence.everyByDay(Interval.parse("1w")))
                .withMessage("Rows every 1w are worked on by the year, not by the day");
    }

    @Property
    void unitsOfTheCalendarFollowEachOther(
            @ForAll CalendarUnit unit,
            @ForAll @LongRange(min = 0, max = LAST_SECOND) long second,
            @ForAll @LongRange(min = 1, max = 86_400L * 800) long seconds) {
        TimeRange range = TimeRange.of(Instant.ofEpochSecond(second), Instant.ofEpochSecond(second + seconds));
        List<TimeRange> units = unit.touching(range);
        assertThat(units).allMatch(range::overlaps);
        assertThat(TimeRanges.of(units).covers(range)).isTrue();
        assertThat(units.stream().map(unit::label)).doesNotHaveDuplicates();
        for (TimeRange one : units) {
            assertThat(unit.containing(one.start())).isEqualTo(one);
            assertThat(unit.containing(one.end().minusNanos(1))).isEqualTo(one);
            assertThat(unit.containing(one.end()).start()).isEqualTo(one.end());
        }
    }

    @Example
    void unitsAreNamedByTheCalendar() {
        Instant leap = Instant.parse("2024-02-29T23:59:59Z");
        assertThat(CalendarUnit.DAY.label(CalendarUnit.DAY.containing(leap))).isEqualTo("2024-02-29");
        assertThat(CalendarUnit.MONTH.label(CalendarUnit.MONTH.containing(leap)))
                .isEqualTo("2024-02");
        assertThat(CalendarUnit.YEAR.label(CalendarUnit.YEAR.containing(leap))).isEqualTo("2024");
    }

    private static boolean divides(String shorter, String longer) {
        return Interval.parse(shorter).divides(Interval.parse(longer));
    }

    // Whether the clock shows some time of this day after the next day has begun.
    private static boolean twice(LocalDate date, ZoneId zone) {
        Instant next = date.plusDays(1).atStartOfDay(zone).toInstant();
        Instant after = next.plus(Duration.ofMinutes(30));
        return after.atZone(zone).toLocalDate().equals(date)
                || next.plusSeconds(5_400).atZone(zone).toLocalDate().equals(date);
    }

    @Provide
    Arbitrary<Interval> intervals() {
        List<Interval> all = new ArrayList<>(Interval.BINANCE);
        all.addAll(OTHERS);
        return Arbitraries.of(all);
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZoneId.getAvailableZoneIds()).map(ZoneId::of);
    }

    @Provide
    Arbitrary<ZoneId> wholeHourZones() {
        return Arbitraries.of("UTC", "Europe/Zurich", "America/New_York", "Asia/Tokyo", "America/Sao_Paulo")
                .map(zone -> zone.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone));
    }
}
