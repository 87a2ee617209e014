package dev.candlewick;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * When rows of a dataset are due: on a grid of candle opens, or whenever something happens. Gaps can only be counted on
 * a grid; of events it is only known which stretches were asked for.
 */
public sealed interface Cadence {

    /** A row at every open of an interval. */
    static Cadence every(Interval interval) {
        return new Grid(interval, ZoneOffset.UTC);
    }

    /** A row at every open of an interval whose days are those of a zone. */
    static Cadence every(Interval interval, ZoneId zone) {
        return new Grid(interval, zone);
    }

    /**
     * A row at every open of an interval, worked on by the UTC day whatever the interval: for what is made day by day and
     * read day by day, such as features of ticks, which otherwise would rewrite a month for each of its days.
     *
     * @throws IllegalArgumentException when the interval does not divide a day
     */
    static Cadence everyByDay(Interval interval) {
        return new Grid(interval, ZoneOffset.UTC, CalendarUnit.DAY);
    }

    /**
     * Reads what {@link Object#toString} prints: {@code 1m}, {@code 1d@Europe/Zurich}, {@code 1m/day}, {@code events}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static Cadence parse(String text) {
        if (text.equals(Events.NAME)) {
            return events();
        }
        if (text.endsWith(Grid.BY_DAY)) {
            return everyByDay(Interval.parse(text.substring(0, text.length() - Grid.BY_DAY.length())));
        }
        int at = text.indexOf('@');
        if (at < 0) {
            return every(Interval.parse(text));
        }
        try {
            return every(Interval.parse(text.substring(0, at)), ZoneId.of(text.substring(at + 1)));
        } catch (DateTimeException unknownZone) {
            throw new IllegalArgumentException("'" + text.substring(at + 1) + "' is not a time zone", unknownZone);
        }
    }

    /** Rows whenever something happens. */
    static Cadence events() {
        return new Events();
    }

    /** The unit of work that suits the density of rows. */
    CalendarUnit unit();

    /**
     * The part of a range that whole grid slots can fill: from the first open inside to the open after the last one
     * inside. Empty when no open falls inside. Events: the range itself.
     */
    Optional<TimeRange> slots(TimeRange range);

    /**
     * A row at every open of {@code interval}.
     *
     * @param interval the length of a slot
     * @param zone whose days, weeks and months the grid follows; UTC for intervals shorter than a day
     * @param unit the unit of work: that which suits the interval, or a day
     */
    record Grid(Interval interval, ZoneId zone, CalendarUnit unit) implements Cadence {

        static final String BY_DAY = "/day";

        /** A grid with the unit that suits its interval. */
        public Grid(Interval interval, ZoneId zone) {
            this(interval, zone, usualUnit(interval));
        }

        /** Checks that zone and unit can matter. */
        public Grid {
            zone = zone.normalized();
            boolean usual = unit == usualUnit(interval);
            boolean dividesDay = interval.divides(Interval.parse("24h")) && zone.equals(ZoneOffset.UTC);
            if (!usual && (unit != CalendarUnit.DAY || !dividesDay)) {
                throw new IllegalArgumentException("Rows every " + interval + " are worked on by the "
                        + usualUnit(interval).name().toLowerCase(Locale.ROOT)
                        + (dividesDay ? " or the day" : "") + ", not by the "
                        + unit.name().toLowerCase(Locale.ROOT));
            }
            if (!zone.equals(ZoneOffset.UTC) && !interval.isCalendar()) {
                throw new IllegalArgumentException("A zone only changes candles of a day or longer, not " + interval
                        + "; leave " + zone + " away");
            }
        }

        /** The open of the slot that holds the time, in microseconds since the epoch. */
        public long floor(long epochMicros) {
            return interval.floorMicros(epochMicros, zone);
        }

        /** The open of the slot after the one that holds the time. */
        public long next(long epochMicros) {
            return interval.nextMicros(epochMicros, zone);
        }

        /** The first open at or after the time. */
        public long ceiling(long epochMicros) {
            long floor = floor(epochMicros);
            return floor == epochMicros ? floor : next(epochMicros);
        }

        /** How many opens fall into the range. */
        public long opens(TimeRange range) {
            long first = ceiling(range.startMicros());
            long last = ceiling(range.endMicros());
            if (interval.isFixedLength() && zone.equals(ZoneOffset.UTC)) {
                return (last - first) / (interval.maximumLength().toSeconds() * 1_000_000L);
            }
            long opens = 0;
            for (long open = first; open < last; open = next(open)) {
                opens++;
            }
            return opens;
        }

        private static CalendarUnit usualUnit(Interval interval) {
            if (interval.unit() == Interval.Unit.SECOND && interval.count() < 60) {
                return CalendarUnit.DAY;
            }
            return interval.isCalendar() ? CalendarUnit.YEAR : CalendarUnit.MONTH;
        }

        @Override
        public Optional<TimeRange> slots(TimeRange range) {
            long first = ceiling(range.startMicros());
            long last = ceiling(range.endMicros());
            return first < last ? Optional.of(TimeRange.ofEpochMicros(first, last)) : Optional.empty();
        }

        /** {@code 1m}; {@code 1d@Europe/Zurich} where the zone matters; {@code 1m/day} where the unit is not the usual one. */
        @Override
        public String toString() {
            if (unit != usualUnit(interval)) {
                return interval + BY_DAY;
            }
            return zone.equals(ZoneOffset.UTC) ? interval.toString() : interval + "@" + zone;
        }
    }

    /** Rows whenever something happens. */
    record Events() implements Cadence {

        static final String NAME = "events";

        @Override
        public CalendarUnit unit() {
            return CalendarUnit.DAY;
        }

        @Override
        public Optional<TimeRange> slots(TimeRange range) {
            return Optional.of(range);
        }

        @Override
        public String toString() {
            return NAME;
        }
    }
}
