package dev.candlewick.candle;

import dev.candlewick.Cadence;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which long candles cannot be given, worked out from the parts that are missing. Immutable.
 *
 * @param withheld the candles that have or may have parts which are not there, in time order
 * @param gaps every candle that is not given with its reason: the withheld ones, and those without any part
 */
record MissingCandles(List<TimeRange> withheld, List<Gap> gaps) {

    private static final Set<GapReason> ABSENT_AT_VENUE = EnumSet.of(
            GapReason.CONFIRMED_EMPTY, GapReason.VENUE_OUTAGE, GapReason.BEFORE_LISTING, GapReason.AFTER_DELISTING);

    /** The candles missing because of these gaps of parts, which are in time order and do not overlap. */
    static MissingCandles of(List<Gap> parts, Cadence.Grid grid) {
        return of(parts, grid, part -> ABSENT_AT_VENUE.contains(part.reason()));
    }

    /** As {@link #of(List, Cadence.Grid)} where nobody says why parts before the last one are missing: they count as absent. */
    static MissingCandles ofRows(List<Gap> parts, Cadence.Grid grid, long lastPartEnd) {
        return of(
                parts,
                grid,
                part -> ABSENT_AT_VENUE.contains(part.reason())
                        || (part.reason() == GapReason.NOT_FETCHED
                                && part.range().startMicros() < lastPartEnd));
    }

    private static MissingCandles of(List<Gap> parts, Cadence.Grid grid, Predicate<Gap> absent) {
        List<Gap> withheld = widen(parts.stream().filter(absent.negate()).toList(), grid);
        List<Gap> absences = parts.stream().filter(absent).toList();
        TimeRanges whole = whole(ranges(absences), grid).minus(ranges(withheld));
        List<Gap> gaps = new ArrayList<>(withheld);
        gaps.addAll(within(whole.asList(), widen(absences, grid)));
        gaps.sort(null);
        return new MissingCandles(ranges(withheld).asList(), List.copyOf(gaps));
    }

    // The candles that lie inside from end to end.
    private static TimeRanges whole(TimeRanges ranges, Cadence.Grid grid) {
        List<TimeRange> whole = new ArrayList<>();
        for (TimeRange range : ranges) {
            long from = grid.ceiling(range.startMicros());
            long to = grid.floor(range.endMicros());
            if (from < to) {
                whole.add(TimeRange.ofEpochMicros(from, to));
            }
        }
        return TimeRanges.of(whole);
    }

    // Candles that these parts belong to: not overlapping, the earliest part's reason first.
    private static List<Gap> widen(List<Gap> parts, Cadence.Grid grid) {
        List<Gap> wide = new ArrayList<>();
        long free = Long.MIN_VALUE;
        for (Gap part : parts) {
            long from = Math.max(free, grid.floor(part.range().startMicros()));
            long to = grid.next(part.range().endMicros() - 1);
            if (from < to) {
                wide.add(part.over(TimeRange.ofEpochMicros(from, to)));
                free = to;
            }
        }
        return wide;
    }

    // Both in time order, so that one pass over each is enough.
    private static List<Gap> within(List<TimeRange> ranges, List<Gap> gaps) {
        List<Gap> cut = new ArrayList<>();
        int first = 0;
        for (Gap gap : gaps) {
            while (first < ranges.size()
                    && ranges.get(first).endMicros() <= gap.range().startMicros()) {
                first++;
            }
            for (int i = first;
                    i < ranges.size()
                            && ranges.get(i).startMicros() < gap.range().endMicros();
                    i++) {
                ranges.get(i).intersection(gap.range()).ifPresent(part -> cut.add(gap.over(part)));
            }
        }
        return cut;
    }

    private static TimeRanges ranges(List<Gap> gaps) {
        return TimeRanges.of(gaps.stream().map(Gap::range).toList());
    }
}
