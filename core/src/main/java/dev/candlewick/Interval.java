package dev.candlewick;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * How long a candle lasts, in the notation that venues use: {@code 1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M};
 * {@code m} is a minute, {@code M} a calendar month. Any other length works too as long as whole candles fill a day, or
 * the day, week or month they are counted in.
 *
 * <p>Candles open on a grid. Up to 12 hours it is counted from UTC midnight. Days are those of a zone, so they may last
 * 23 or 25 hours; several days are counted from 1970-01-01; weeks start on Monday, months on the first.
 *
 * @param count how many units, at least one
 * @param unit the unit counted
 */
public record Interval(int count, Unit unit) implements Comparable<Interval> {

    /** What an interval counts. */
    public enum Unit {
        /** Seconds, written {@code s}. */
        SECOND('s', 1),
        /** Minutes, written {@code m}. */
        MINUTE('m', 60),
        /** Hours, written {@code h}. */
        HOUR('h', 3_600),
        /** Calendar days, written {@code d}. */
        DAY('d', 86_400),
        /** Weeks from Monday, written {@code w}. */
        WEEK('w', 7 * 86_400),
        /** Calendar months, written {@code M}. */
        MONTH('M', 31 * 86_400);

        private final char symbol;
        private final long seconds;

        Unit(char symbol, long seconds) {
            this.symbol = symbol;
            this.seconds = seconds;
        }
    }

    private static final long DAY_SECONDS = 86_400;

    /** Every interval that Binance publishes, shortest first. */
    public static final List<Interval> BINANCE = List.of(
            new Interval(1, Unit.SECOND),
            new Interval(1, Unit.MINUTE),
            new Interval(3, Unit.MINUTE),
            new Interval(5, Unit.MINUTE),
            new Interval(15, Unit.MINUTE),
            new Interval(30, Unit.MINUTE),
            new Interval(1, Unit.HOUR),
            new Interval(2, Unit.HOUR),
            new Interval(4, Unit.HOUR),
            new Interval(6, Unit.HOUR),
            new Interval(8, Unit.HOUR),
            new Interval(12, Unit.HOUR),
            new Interval(1, Unit.DAY),
            new Interval(3, Unit.DAY),
            new Interval(1, Unit.WEEK),
            new Interval(1, Unit.MONTH));

    /** Checks that the grid is well defined. */
    public Interval {
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("An interval counts 1 to 10,000 units, not " + count);
        }
        boolean withinDay = unit == Unit.SECOND || unit == Unit.MINUTE || unit == Unit.HOUR;
        if (withinDay && DAY_SECONDS % (count * unit.seconds) != 0) {
            throw new IllegalArgumentException("Candles of " + count + unit.symbol
                    + " do not fill a day evenly; choose a length that divides 24 hours, for example 1m, 15m or 4h");
        }
        if (unit == Unit.MONTH && 12 % count != 0) {
            throw new IllegalArgumentException("Candles of " + count + "M do not fill a year evenly");
        }
    }

    /** Reads {@code 1m}, {@code 4h}, {@code 1M} …; case matters. */
    public static Interval parse(String text) {
        Objects.requireNonNull(text, "text");
        int last = text.length() - 1;
        if (last >= 1 && last <= 5 && text.chars().limit(last).allMatch(c -> c >= '0' && c <= '9')) {
            for (Unit unit : Unit.values()) {
                if (unit.symbol == text.charAt(last)) {
                    return new Interval(Integer.parseInt(text.substring(0, last)), unit);
                }
            }
        }
        throw new IllegalArgumentException("'" + text
                + "' is not an interval; expected a number and one of s, m (minute), h, d, w, M (month), such as "
                + BINANCE);
    }

    /** Whether every candle lasts equally long in UTC: everything but months. */
    public boolean isFixedLength() {
        return unit != Unit.MONTH;
    }

    /** The longest that one candle lasts in UTC. */
    public Duration maximumLength() {
        return Duration.ofSeconds(count * unit.seconds);
    }

    /** Whether candles are counted in days or more, so that a zone's midnights matter. */
    public boolean isCalendar() {
        return unit == Unit.DAY || unit == Unit.WEEK || unit == Unit.MONTH;
    }

    /** Whether whole candles of this length fill each candle of the longer one, so that it can be built from them. */
    public boolean divides(Interval longer) {
        if (!longer.isCalendar()) {
            return !isCalendar() && (longer.count * longer.unit.seconds) % (count * unit.seconds) == 0;
        }
        if (!isCalendar()) {
            return true;
        }
        return switch (longer.unit) {
            case MONTH -> unit == Unit.MONTH ? longer.count % count == 0 : unit == Unit.DAY && count == 1;
            case WEEK -> unit == Unit.WEEK ? longer.count % count == 0 : unit == Unit.DAY && count == 1;
            default -> unit == Unit.DAY && longer.count % count == 0;
        };
    }

    /** The open time of the candle that holds the instant; days, weeks and months are those of {@code zone}. */
    public Instant floor(Instant instant, ZoneId zone) {
        return EpochMicros.toInstant(floorMicros(EpochMicros.of(instant), zone));
    }

    /** The open time of the candle after the one that holds the instant. */
    public Instant next(Instant instant, ZoneId zone) {
        return EpochMicros.toInstant(nextMicros(EpochMicros.of(instant), zone));
    }

    /** As {@link #floor}, in microseconds since the epoch. */
    public long floorMicros(long epochMicros, ZoneId zone) {
        if (isPlainGrid(zone)) {
            long length = lengthMicros();
            return Math.floorDiv(epochMicros - anchorMicros(), length) * length + anchorMicros();
        }
        return midnightMicros(firstDateHolding(epochMicros, zone), zone);
    }

    /** As {@link #next}, in microseconds since the epoch. */
    public long nextMicros(long epochMicros, ZoneId zone) {
        if (isPlainGrid(zone)) {
            return floorMicros(epochMicros, zone) + lengthMicros();
        }
        return midnightMicros(following(firstDateHolding(epochMicros, zone)), zone);
    }

    /** Shorter first, by {@link #maximumLength}. */
    @Override
    public int compareTo(Interval other) {
        int byLength = Long.compare(count * unit.seconds, other.count * other.unit.seconds);
        return byLength != 0 ? byLength : unit.compareTo(other.unit);
    }

    @Override
    public String toString() {
        return "" + count + unit.symbol;
    }

    // Sub-day candles are counted from UTC midnight in every zone, as venues do; so only longer ones know zones.
    private boolean isPlainGrid(ZoneId zone) {
        return !isCalendar() || (unit != Unit.MONTH && zone.equals(ZoneOffset.UTC));
    }

    private long lengthMicros() {
        return count * unit.seconds * 1_000_000L;
    }

    // 1970-01-01 was a Thursday; the Monday of that week is three days earlier.
    private long anchorMicros() {
        return unit == Unit.WEEK ? -3 * DAY_SECONDS * 1_000_000L : 0;
    }

    // Clocks that go back over midnight show the day before once more, although the new one has begun.
    private LocalDate firstDateHolding(long epochMicros, ZoneId zone) {
        LocalDate shown =
                firstDate(EpochMicros.toInstant(epochMicros).atZone(zone).toLocalDate());
        LocalDate following = following(shown);
        return midnightMicros(following, zone) <= epochMicros ? following : shown;
    }

    private LocalDate following(LocalDate first) {
        return switch (unit) {
            case MONTH -> first.plusMonths(count);
            case WEEK -> first.plusWeeks(count);
            default -> first.plusDays(count);
        };
    }

    private LocalDate firstDate(LocalDate date) {
        return switch (unit) {
            case MONTH -> {
                int month = date.getYear() * 12 + date.getMonthValue() - 1;
                int first = Math.floorDiv(month, count) * count;
                yield LocalDate.of(Math.floorDiv(first, 12), Math.floorMod(first, 12) + 1, 1);
            }
            case WEEK -> {
                long week = Math.floorDiv(date.toEpochDay() + 3, 7L);
                yield LocalDate.ofEpochDay(Math.floorDiv(week, (long) count) * count * 7 - 3);
            }
            default -> LocalDate.ofEpochDay(Math.floorDiv(date.toEpochDay(), (long) count) * count);
        };
    }

    private static long midnightMicros(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toInstant().until(Instant.EPOCH, ChronoUnit.MICROS) * -1;
    }
}
