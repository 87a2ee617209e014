package dev.candlewick.tick;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * A UTC day of one instrument's data that ought to be stored, or is known not to be offered.
 *
 * @param series the instrument and the data type
 * @param day the day, by arrival
 * @param notOffered why the recorder has none of it, so that nobody asks; empty when it is to be had
 */
public record ExpectedTicks(Series series, LocalDate day, String notOffered) implements Comparable<ExpectedTicks> {

    /** Checks that all is there. */
    public ExpectedTicks {
        Objects.requireNonNull(series, "series");
        Objects.requireNonNull(day, "day");
        Objects.requireNonNull(notOffered, "notOffered");
    }

    /** A day that is to be had. */
    public static ExpectedTicks of(Series series, LocalDate day) {
        return new ExpectedTicks(series, day, "");
    }

    /** Whether the recorder offers it. */
    public boolean isOffered() {
        return notOffered.isEmpty();
    }

    /** From midnight to midnight. */
    public TimeRange range() {
        return TimeRange.day(day, ZoneOffset.UTC);
    }

    /** Earlier days first, within one by series. */
    @Override
    public int compareTo(ExpectedTicks other) {
        int byDay = day.compareTo(other.day);
        return byDay != 0 ? byDay : series.compareTo(other.series);
    }

    @Override
    public String toString() {
        return series + " " + day + (isOffered() ? "" : " (not offered: " + notOffered + ")");
    }
}
