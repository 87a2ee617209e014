package dev.candlewick.source.binance;

import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which funding events are missing, told from the events themselves: the next one is due an interval after the last, and
 * the interval is that of the event where it says it, else the shorter of those seen around it. No grid of eight hours is
 * assumed: venues change the interval of a symbol whenever they like. Pure.
 */
final class FundingGaps {

    private static final long HOUR = 3_600_000_000L;

    /** Events come some milliseconds late; a quarter of the shortest interval known, an hour, is no jitter. */
    private static final long SLACK = HOUR / 4;

    /**
     * One event.
     *
     * @param hours the interval it closes; null when nobody says
     */
    record Event(long micros, @Nullable Long hours) {}

    private FundingGaps() {}

    /** The stretches in which at least one event is missing, from the time the first was due to the next event there is. */
    static List<TimeRange> between(List<Event> events) {
        List<TimeRange> gaps = new ArrayList<>();
        for (int i = 1; i < events.size(); i++) {
            long from = events.get(i - 1).micros;
            long to = events.get(i).micros;
            OptionalLong interval = interval(events, i);
            if (interval.isPresent() && to - from > interval.getAsLong() + SLACK) {
                // Due at the earliest an interval later, less what the last one was late.
                long due = Math.floorDiv(from + SLACK, HOUR) * HOUR + interval.getAsLong();
                gaps.add(TimeRange.ofEpochMicros(Math.max(from + 1, due), to));
            }
        }
        return gaps;
    }

    /** An event closes the interval it names, so a longer distance to the one before is a gap. */
    private static OptionalLong interval(List<Event> events, int i) {
        Long own = events.get(i).hours;
        if (own != null && own > 0) {
            return OptionalLong.of(own * HOUR);
        }
        Long previous = events.get(i - 1).hours;
        if (previous != null && previous > 0) {
            return OptionalLong.of(previous * HOUR);
        }
        long shortest = Long.MAX_VALUE;
        if (i >= 2) {
            shortest = events.get(i - 1).micros - events.get(i - 2).micros;
        }
        if (i + 1 < events.size()) {
            shortest = Math.min(shortest, events.get(i + 1).micros - events.get(i).micros);
        }
        return shortest == Long.MAX_VALUE
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(HOUR, Math.round((double) shortest / HOUR) * HOUR));
    }
}
