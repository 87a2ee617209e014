package dev.candlewick;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A half-open stretch of time {@code [start, end)} in UTC, to the microsecond. Never empty: the start is before the end.
 *
 * <pre>{@code
 * TimeRange.day("2024-01-01")
 * TimeRange.of("2024-01-01", "2024-03-01")               // dates are UTC midnights
 * TimeRange.day(LocalDate.of(2024, 3, 31), ZoneId.of("Europe/Zurich"))   // 23 hours
 * }</pre>
 *
 * <p>{@code parse(toString())} is the identity.
 *
 * @param start the first instant inside
 * @param end the first instant after
 */
public record TimeRange(Instant start, Instant end) implements Comparable<TimeRange> {

    /** Checks that the start is before the end and both are whole microseconds. */
    public TimeRange {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(end, "end");
        long from = EpochMicros.of(start);
        long to = EpochMicros.of(end);
        if (from >= to) {
            throw new IllegalArgumentException("A time range needs its start before its end, but start " + start
                    + (from == to ? " equals" : " is after") + " end " + end);
        }
    }

    /** The range between two instants. */
    public static TimeRange of(Instant start, Instant end) {
        return new TimeRange(start, end);
    }

    /** The range between two times, each an ISO date (its UTC midnight) or an ISO instant. */
    public static TimeRange of(String start, String end) {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(end, "end");
        return new TimeRange(instant(start, ZoneOffset.UTC), instant(end, ZoneOffset.UTC));
    }

    /** The range between two times as {@link #of(String, String)}, dates being midnights in {@code zone}. */
    public static TimeRange of(String start, String end, ZoneId zone) {
        return new TimeRange(instant(start, zone), instant(end, zone));
    }

    /**
     * The instant of microseconds since the epoch.
     *
     * @throws IllegalArgumentException when no {@link Instant} is that far away
     */
    public static Instant instant(long epochMicros) {
        return EpochMicros.toInstant(epochMicros);
    }

    /** The range between two instants given in microseconds since the epoch. */
    public static TimeRange ofEpochMicros(long start, long end) {
        return new TimeRange(EpochMicros.toInstant(start), EpochMicros.toInstant(end));
    }

    /** The UTC day of an ISO date such as {@code 2024-01-01}. */
    public static TimeRange day(String isoDate) {
        return day(date(isoDate), ZoneOffset.UTC);
    }

    /**
     * The calendar day of a zone, 23 or 25 hours long where its clocks change.
     *
     * @throws IllegalArgumentException when the zone skipped that day, as Samoa did with 2011-12-30
     */
    public static TimeRange day(LocalDate date, ZoneId zone) {
        return existingDay(date, zone)
                .orElseThrow(() -> new IllegalArgumentException(
                        zone + " had no " + date + ": its calendar went from the day before to the day after"));
    }

    /** The UTC month of an ISO month such as {@code 2024-02}. */
    public static TimeRange month(String isoMonth) {
        try {
            return month(YearMonth.parse(isoMonth), ZoneOffset.UTC);
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException("'" + isoMonth + "' is not a month; expected YYYY-MM", unreadable);
        }
    }

    /** The calendar month of a zone. */
    public static TimeRange month(YearMonth month, ZoneId zone) {
        return new TimeRange(
                month.atDay(1).atStartOfDay(zone).toInstant(),
                month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant());
    }

    /** The UTC year. */
    public static TimeRange year(int year) {
        return new TimeRange(
                LocalDate.of(year, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                LocalDate.of(year + 1, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** Reads {@code start/end} as {@link #toString()} prints it; dates are accepted for UTC midnights. */
    public static TimeRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time range; expected START/END, for example 2024-01-01/2024-02-01");
        }
        return of(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The start in microseconds since the epoch. */
    public long startMicros() {
        return EpochMicros.of(start);
    }

    /** The end in microseconds since the epoch. */
    public long endMicros() {
        return EpochMicros.of(end);
    }

    /** How long the range is. */
    public Duration duration() {
        return Duration.between(start, end);
    }

    /** Whether the instant lies inside; the end does not. */
    public boolean contains(Instant instant) {
        return !instant.isBefore(start) && instant.isBefore(end);
    }

    /** Whether the whole other range lies inside. */
    public boolean contains(TimeRange other) {
        return !other.start.isBefore(start) && !other.end.isAfter(end);
    }

    /** Whether the two share an instant. */
    public boolean overlaps(TimeRange other) {
        return start.isBefore(other.end) && other.start.isBefore(end);
    }

    /** What the two share, if anything. */
    public Optional<TimeRange> intersection(TimeRange other) {
        return overlaps(other)
                ? Optional.of(new TimeRange(
                        start.isAfter(other.start) ? start : other.start, end.isBefore(other.end) ? end : other.end))
                : Optional.empty();
    }

    /** The smallest range that holds both. */
    public TimeRange span(TimeRange other) {
        return new TimeRange(
                start.isBefore(other.start) ? start : other.start, end.isAfter(other.end) ? end : other.end);
    }

    /** Consecutive pieces of at most {@code step}, counted from the start; the last may be shorter. */
    public List<TimeRange> split(Duration step) {
        if (step.isNegative() || step.isZero()) {
            throw new IllegalArgumentException("Cannot split " + this + " into pieces of " + step);
        }
        List<TimeRange> pieces = new ArrayList<>();
        Instant from = start;
        while (Duration.between(from, end).compareTo(step) > 0) {
            Instant to = from.plus(step);
            pieces.add(new TimeRange(from, to));
            from = to;
        }
        pieces.add(new TimeRange(from, end));
        return List.copyOf(pieces);
    }

    /** The calendar days of a zone that this range touches, cut to the range; days have 23 to 25 hours. */
    public List<TimeRange> days(ZoneId zone) {
        List<TimeRange> days = new ArrayList<>();
        for (LocalDate date = start.atZone(zone).toLocalDate();
                date.atStartOfDay(zone).toInstant().isBefore(end);
                date = date.plusDays(1)) {
            existingDay(date, zone).flatMap(day -> day.intersection(this)).ifPresent(days::add);
        }
        return List.copyOf(days);
    }

    /** Earlier start first, then earlier end. */
    @Override
    public int compareTo(TimeRange other) {
        int byStart = start.compareTo(other.start);
        return byStart != 0 ? byStart : end.compareTo(other.end);
    }

    @Override
    public String toString() {
        return start + "/" + end;
    }

    private static Optional<TimeRange> existingDay(LocalDate date, ZoneId zone) {
        Instant midnight = date.atStartOfDay(zone).toInstant();
        Instant next = date.plusDays(1).atStartOfDay(zone).toInstant();
        return midnight.isBefore(next) ? Optional.of(new TimeRange(midnight, next)) : Optional.empty();
    }

    private static Instant instant(String text, ZoneId zone) {
        try {
            return text.indexOf('T') < 0
                    ? date(text).atStartOfDay(zone).toInstant()
                    : java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither a date (2024-01-01) nor an instant (2024-01-01T00:00:00Z)", unreadable);
        }
    }

    private static LocalDate date(String isoDate) {
        try {
            return LocalDate.parse(isoDate);
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException("'" + isoDate + "' is not a date; expected YYYY-MM-DD", unreadable);
        }
    }
}
