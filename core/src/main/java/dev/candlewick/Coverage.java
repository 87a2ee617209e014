package dev.candlewick;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a store knows of a series in a range, as a set of intervals: where rows are present, where their absence is
 * proven, and, by subtraction, where nothing is known.
 *
 * @param series whose rows
 * @param range the stretch asked about
 * @param present where rows are present
 * @param proven stretches without rows whose reason is proven, in time order
 */
public record Coverage(Series series, TimeRange range, TimeRanges present, List<Gap> proven) {

    /**
     * Cuts everything to the range. Where rows are claimed both present and absent, absence with its reason wins; where
     * their absence has two reasons, the one that begins earlier.
     */
    public Coverage {
        proven = withoutOverlaps(proven, range);
        present = present.within(range).minus(ranges(proven));
    }

    /** Nothing known of the range. */
    public static Coverage unknown(Series series, TimeRange range) {
        return new Coverage(series, range, TimeRanges.none(), List.of());
    }

    /** What the ledger entries of a series say about a range. */
    public static Coverage of(Series series, TimeRange range, Collection<LedgerEntry> entries) {
        List<TimeRange> present = new ArrayList<>();
        List<Gap> proven = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.unit().overlaps(range)) {
                present.addAll(entry.present().asList());
                proven.addAll(entry.gaps());
            }
        }
        return new Coverage(series, range, TimeRanges.of(present), proven);
    }

    /** Where the source was shown to have nothing, for whatever reason but quarantine. */
    public TimeRanges knownEmpty() {
        return ranges(proven.stream()
                .filter(gap -> gap.reason() != GapReason.QUARANTINED)
                .toList());
    }

    /** Where rows arrived and were wrong. */
    public TimeRanges quarantined() {
        return ranges(proven.stream()
                .filter(gap -> gap.reason() == GapReason.QUARANTINED)
                .toList());
    }

    /** Where nothing is known. */
    public TimeRanges unknown() {
        return TimeRanges.of(range).minus(present).minus(ranges(proven));
    }

    /** Every stretch on the series' grid without rows, with its reason, in time order. */
    public List<Gap> gaps() {
        return GapDetector.byCadence().detect(series, range, this);
    }

    /** Whether no row is missing. */
    public boolean isComplete() {
        return gaps().isEmpty();
    }

    /** Whether every missing row is accounted for: nothing is left to fetch. */
    public boolean isSettled() {
        return gaps().stream().noneMatch(gap -> gap.reason() == GapReason.NOT_FETCHED);
    }

    @Override
    public String toString() {
        List<Gap> gaps = gaps();
        if (gaps.isEmpty()) {
            return series + " over " + range + ": complete";
        }
        StringBuilder text = new StringBuilder(
                series + " over " + range + ": " + gaps.size() + (gaps.size() == 1 ? " gap" : " gaps"));
        gaps.stream().limit(20).forEach(gap -> text.append("\n  ").append(gap));
        if (gaps.size() > 20) {
            text.append("\n  … and ").append(gaps.size() - 20).append(" more");
        }
        return text.toString();
    }

    private static List<Gap> withoutOverlaps(List<Gap> gaps, TimeRange range) {
        List<Gap> apart = new ArrayList<>();
        Instant free = range.start();
        for (Gap gap : gaps.stream().sorted().toList()) {
            Instant from = gap.range().start().isAfter(free) ? gap.range().start() : free;
            Instant to = gap.range().end().isBefore(range.end()) ? gap.range().end() : range.end();
            if (from.isBefore(to)) {
                apart.add(gap.over(TimeRange.of(from, to)));
                free = to;
            }
        }
        return List.copyOf(apart);
    }

    private static TimeRanges ranges(List<Gap> gaps) {
        return TimeRanges.of(gaps.stream().map(Gap::range).toList());
    }
}
