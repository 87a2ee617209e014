package dev.candlewick;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A set of instants as sorted, disjoint, non-touching {@link TimeRange}s: the algebra that coverage is made of.
 * Immutable; equal sets are equal objects whatever pieces they were made from.
 */
public final class TimeRanges implements Iterable<TimeRange> {

    private static final TimeRanges NONE = new TimeRanges(List.of());

    private final List<TimeRange> ranges;

    private TimeRanges(List<TimeRange> normalized) {
        this.ranges = normalized;
    }

    /** The empty set. */
    public static TimeRanges none() {
        return NONE;
    }

    /** The union of the given ranges, in any order, overlapping or not. */
    public static TimeRanges of(TimeRange... ranges) {
        return of(List.of(ranges));
    }

    /** The union of the given ranges, in any order, overlapping or not. */
    public static TimeRanges of(Collection<TimeRange> ranges) {
        List<TimeRange> sorted = new ArrayList<>(ranges);
        sorted.sort(null);
        List<TimeRange> merged = new ArrayList<>(sorted.size());
        for (TimeRange next : sorted) {
            int last = merged.size() - 1;
            if (last >= 0 && !merged.get(last).end().isBefore(next.start())) {
                merged.set(last, merged.get(last).span(next));
            } else {
                merged.add(next);
            }
        }
        return merged.isEmpty() ? NONE : new TimeRanges(List.copyOf(merged));
    }

    /** The pieces, in order, none touching the next. */
    public List<TimeRange> asList() {
        return ranges;
    }

    /** Whether no instant is inside. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The instants of either set. */
    public TimeRanges union(TimeRanges other) {
        return of(Stream.concat(ranges.stream(), other.ranges.stream()).toList());
    }

    /** The instants of both sets. */
    public TimeRanges intersection(TimeRanges other) {
        List<TimeRange> shared = new ArrayList<>();
        int mine = 0;
        int theirs = 0;
        while (mine < ranges.size() && theirs < other.ranges.size()) {
            TimeRange a = ranges.get(mine);
            TimeRange b = other.ranges.get(theirs);
            a.intersection(b).ifPresent(shared::add);
            if (a.end().isBefore(b.end())) {
                mine++;
            } else {
                theirs++;
            }
        }
        return of(shared);
    }

    /** The instants of this set inside one range. */
    public TimeRanges within(TimeRange range) {
        return intersection(of(range));
    }

    /** The instants of this set that the other does not hold. */
    public TimeRanges minus(TimeRanges other) {
        List<TimeRange> left = new ArrayList<>();
        int hint = 0;
        for (TimeRange range : ranges) {
            Instant from = range.start();
            while (hint < other.ranges.size() && !other.ranges.get(hint).end().isAfter(range.start())) {
                hint++;
            }
            for (int i = hint; i < other.ranges.size(); i++) {
                TimeRange taken = other.ranges.get(i);
                if (!taken.start().isBefore(range.end())) {
                    break;
                }
                if (from.isBefore(taken.start())) {
                    left.add(new TimeRange(from, taken.start()));
                }
                from = from.isAfter(taken.end()) ? from : taken.end();
            }
            if (from.isBefore(range.end())) {
                left.add(new TimeRange(from, range.end()));
            }
        }
        return left.isEmpty() ? NONE : new TimeRanges(List.copyOf(left));
    }

    /** The instants of this set outside one range. */
    public TimeRanges minus(TimeRange range) {
        return minus(of(range));
    }

    /** Whether every instant of the range is inside. */
    public boolean covers(TimeRange range) {
        return ranges.stream().anyMatch(piece -> piece.contains(range));
    }

    /** Whether the instant is inside. */
    public boolean contains(Instant instant) {
        return ranges.stream().anyMatch(piece -> piece.contains(instant));
    }

    /** The time that all pieces last together. */
    public Duration duration() {
        return ranges.stream().map(TimeRange::duration).reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public Iterator<TimeRange> iterator() {
        return ranges.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimeRanges that && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** The pieces in order, {@code {}} when empty. */
    @Override
    public String toString() {
        return ranges.stream().map(TimeRange::toString).collect(Collectors.joining(", ", "{", "}"));
    }
}
