package dev.candlewick;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The stretch of the UTC calendar that is planned, fetched, written and committed as one: a unit of work. Its name
 * follows from the calendar alone, so two attempts at the same unit meet at the same place.
 */
public enum CalendarUnit {
    /** One UTC day: fine data such as 1-second candles and ticks. */
    DAY,
    /** One UTC month: candles of a minute to half a day; a month of 1m candles is about 43,000 rows. */
    MONTH,
    /** One UTC year: candles of a day and longer. */
    YEAR;

    /** The unit that holds the instant. */
    public TimeRange containing(Instant instant) {
        LocalDate date = instant.atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate first = switch (this) {
            case DAY -> date;
            case MONTH -> date.withDayOfMonth(1);
            case YEAR -> date.withDayOfYear(1);
        };
        LocalDate next = switch (this) {
            case DAY -> first.plusDays(1);
            case MONTH -> first.plusMonths(1);
            case YEAR -> first.plusYears(1);
        };
        return TimeRange.of(
                first.atStartOfDay(ZoneOffset.UTC).toInstant(),
                next.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** The whole units that the range touches, in order. */
    public List<TimeRange> touching(TimeRange range) {
        List<TimeRange> units = new ArrayList<>();
        for (TimeRange unit = containing(range.start());
                unit.start().isBefore(range.end());
                unit = containing(unit.end())) {
            units.add(unit);
        }
        return List.copyOf(units);
    }

    /** The unit's name: {@code 2024-01-31}, {@code 2024-01} or {@code 2024}. */
    public String label(TimeRange unit) {
        String date = unit.start().atZone(ZoneOffset.UTC).toLocalDate().toString();
        return switch (this) {
            case DAY -> date;
            case MONTH -> date.substring(0, date.length() - 3);
            case YEAR -> date.substring(0, date.length() - 6);
        };
    }
}
