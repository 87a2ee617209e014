package dev.candlewick.feature;

import dev.candlewick.CalendarUnit;
import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import java.time.Instant;

/**
 * From which bar on indicators remember. Some remember all bars, so their values depend on the first; a row must not depend
 * on where somebody began to read. So the first bar follows from the row's time alone: it is the beginning of the calendar
 * unit before the one that the row lies in, or one fixed instant for all rows.
 */
sealed interface IndicatorAnchor {

    /** Times with the same period share their first bar. */
    TimeRange period(Instant time);

    /** The first instant whose bars a row of the period looks at. */
    Instant first(TimeRange period);

    /**
     * The anchor of an interval: the day before for bars of up to three minutes, the month before for those of up to an hour,
     * the year before for those of up to a day. That is 365 bars at the least, after which what came before weighs less than
     * 10<sup>-9</sup> in every average here. Longer bars are few: they begin in 1970.
     */
    static IndicatorAnchor of(Interval interval) {
        if (interval.compareTo(Interval.parse("3m")) <= 0) {
            return new UnitBefore(CalendarUnit.DAY);
        } else if (interval.compareTo(Interval.parse("1h")) <= 0) {
            return new UnitBefore(CalendarUnit.MONTH);
        } else if (interval.compareTo(Interval.parse("1d")) <= 0) {
            return new UnitBefore(CalendarUnit.YEAR);
        }
        return new Fixed(Instant.EPOCH);
    }

    /** The beginning of the calendar unit before. */
    record UnitBefore(CalendarUnit unit) implements IndicatorAnchor {

        @Override
        public TimeRange period(Instant time) {
            return unit.containing(time);
        }

        @Override
        public Instant first(TimeRange period) {
            return unit.containing(period.start().minusSeconds(1)).start();
        }
    }

    /** One instant for all. */
    record Fixed(Instant first) implements IndicatorAnchor {

        private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

        @Override
        public TimeRange period(Instant time) {
            return TimeRange.of(first, END);
        }

        @Override
        public Instant first(TimeRange period) {
            return first;
        }
    }
}
