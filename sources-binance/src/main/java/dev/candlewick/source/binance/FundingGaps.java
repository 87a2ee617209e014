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
                long due = hour(from) + interval.getAsLong();
                gaps.add(TimeRange.ofEpochMicros(Math.max(from + 1, due), to));
            }
        }
        return gaps;
    }

    /**
     * As {@link #between}, and also before the first event and behind the last one, as far as the period goes. Whatever
     * came an interval before the first event came at the start of the period or before it.
     *
     * @param events at least one; those before the period bear witness
     */
    static List<TimeRange> within(TimeRange period, List<Event> events) {
        List<TimeRange> gaps = new ArrayList<>();
        Event first = events.get(0);
        OptionalLong opening = intervalOf(events, 0, 1);
        if (opening.isPresent() && hour(first.micros) - opening.getAsLong() >= period.startMicros()) {
            gaps.add(TimeRange.ofEpochMicros(period.startMicros(), first.micros));
        }
        between(events).forEach(gap -> gap.intersection(period).ifPresent(gaps::add));
        Event last = events.get(events.size() - 1);
        OptionalLong closing = intervalOf(events, events.size() - 1, events.size() - 1);
        if (closing.isPresent() && hour(last.micros) + closing.getAsLong() < period.endMicros()) {
            gaps.add(TimeRange.ofEpochMicros(
                    Math.max(period.startMicros(), hour(last.micros) + closing.getAsLong()), period.endMicros()));
        }
        return gaps;
    }

    /** What of the gaps lies in a part, but for the milliseconds by which the event that ends a gap came late. */
    static List<TimeRange> inside(TimeRange part, List<TimeRange> gaps) {
        return gaps.stream()
                .filter(gap -> hour(gap.endMicros()) > part.startMicros())
                .flatMap(gap -> gap.intersection(part).stream())
                .toList();
    }

    /** The interval an event names, else the distance between the one at a place and that before it. */
    private static OptionalLong intervalOf(List<Event> events, int event, int distance) {
        Long own = events.get(event).hours;
        if (own != null && own > 0) {
            return OptionalLong.of(own * HOUR);
        }
        return distance < 1 || distance >= events.size()
                ? OptionalLong.empty()
                : OptionalLong.of(whole(events.get(distance).micros - events.get(distance - 1).micros));
    }

    private static long whole(long distance) {
        return Math.max(HOUR, Math.round((double) distance / HOUR) * HOUR);
    }

    /** The full hour at which an event was due. */
    private static long hour(long micros) {
        return Math.floorDiv(micros + SLACK, HOUR) * HOUR;
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
        return shortest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(whole(shortest));
    }
}
