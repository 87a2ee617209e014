package dev.candlewick.spi;

import dev.candlewick.Cadence;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which buckets cannot be made of ticks because some of these were not there to read, and why buckets without ticks are
 * empty. Immutable.
 */
public final class BucketGaps {

    private static final Set<GapReason> ABSENT_AT_VENUE = EnumSet.of(
            GapReason.CONFIRMED_EMPTY, GapReason.VENUE_OUTAGE, GapReason.BEFORE_LISTING, GapReason.AFTER_DELISTING);

    private static final Set<GapReason> UNLISTED = EnumSet.of(GapReason.BEFORE_LISTING, GapReason.AFTER_DELISTING);

    private final Cadence.Grid grid;
    private final TimeRange slots;
    private final List<Gap> withheld;
    private final List<Gap> absent;
    private final TimeRanges unlisted;

    private BucketGaps(Cadence.Grid grid, TimeRange slots, List<Gap> withheld, List<Gap> absent) {
        this.grid = grid;
        this.slots = slots;
        this.withheld = withheld;
        this.absent = absent;
        this.unlisted = TimeRanges.of(absent.stream()
                .filter(gap -> UNLISTED.contains(gap.reason()))
                .map(Gap::range)
                .toList());
    }

    /**
     * Works out the buckets of {@code slots} that lack ticks.
     *
     * @param gaps the stretches of arrivals that were not there, in time order
     * @param lateness how many microseconds after it happened a tick may arrive
     * @param earliness how many microseconds before
     */
    public static BucketGaps of(Cadence.Grid grid, TimeRange slots, List<Gap> gaps, long lateness, long earliness) {
        List<Gap> withheld = new ArrayList<>();
        List<Gap> absent = new ArrayList<>();
        long free = slots.startMicros();
        for (Gap gap : gaps) {
            if (ABSENT_AT_VENUE.contains(gap.reason())) {
                absent.add(gap);
                continue;
            }
            long first = Math.max(gap.range().startMicros() - lateness, slots.startMicros());
            long last = Math.min(gap.range().endMicros() + earliness, slots.endMicros()) - 1;
            if (first > last) {
                continue;
            }
            long from = Math.max(free, grid.floor(first));
            long to = grid.next(last);
            if (from < to) {
                withheld.add(gap.over(TimeRange.ofEpochMicros(from, to)));
                free = to;
            }
        }
        return new BucketGaps(grid, slots, List.copyOf(withheld), List.copyOf(absent));
    }

    /** The same where buckets are also withheld for these gaps, which are in the buckets' time, in any order. */
    public BucketGaps and(List<Gap> buckets) {
        List<Gap> all = new ArrayList<>(withheld);
        TimeRanges taken = TimeRanges.of(withheld.stream().map(Gap::range).toList());
        for (Gap gap : buckets) {
            Optional<TimeRange> inside = gap.range().intersection(slots);
            if (inside.isPresent()) {
                TimeRange whole = TimeRange.ofEpochMicros(
                        grid.floor(inside.get().startMicros()),
                        grid.ceiling(inside.get().endMicros()));
                TimeRanges.of(whole).minus(taken).forEach(part -> all.add(gap.over(part)));
                taken = taken.union(TimeRanges.of(whole));
            }
        }
        all.sort(null);
        return new BucketGaps(grid, slots, List.copyOf(all), absent);
    }

    /** Whether the bucket that starts there cannot be given. */
    public boolean isWithheld(long start) {
        int low = 0;
        int high = withheld.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            TimeRange range = withheld.get(middle).range();
            if (start < range.startMicros()) {
                high = middle - 1;
            } else if (start >= range.endMicros()) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** Whether a bucket that starts there and has no ticks is known to have none although it could. */
    public boolean isIdle(long start) {
        return !isWithheld(start) && !unlisted.contains(TimeRange.instant(start));
    }

    /**
     * Every bucket that is not given, with its reason: the withheld ones as the ticks' source has it, those without rows
     * as {@code confirmed_empty} or, where the source knows better, as it says.
     *
     * @param given the buckets that have rows
     * @param evidence what shows that the others are empty
     * @param at when it was shown
     */
    public List<Gap> gaps(TimeRanges given, String evidence, Instant at) {
        List<Gap> gaps = new ArrayList<>(withheld);
        TimeRanges empty = TimeRanges.of(slots)
                .minus(given)
                .minus(TimeRanges.of(withheld.stream().map(Gap::range).toList()));
        for (Gap known : absent) {
            long from = grid.ceiling(known.range().startMicros());
            long to = grid.floor(known.range().endMicros());
            Optional<TimeRange> whole =
                    from < to ? Optional.of(TimeRange.ofEpochMicros(from, to)) : Optional.<TimeRange>empty();
            if (whole.isPresent()) {
                empty.within(whole.get()).forEach(part -> gaps.add(known.over(part)));
                empty = empty.minus(whole.get());
            }
        }
        for (TimeRange range : empty) {
            gaps.add(new Gap(range, GapReason.CONFIRMED_EMPTY, evidence, at, Gap.NEVER));
        }
        gaps.sort(null);
        return List.copyOf(gaps);
    }
}
