package dev.candlewick;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the stretches of a range that lack rows, from what is known of it. Pure: the same arguments give the same gaps,
 * and nobody is asked. A lambda will do.
 */
@FunctionalInterface
public interface GapDetector {

    /** The gaps of the series in the range, in time order, not overlapping. */
    List<Gap> detect(Series series, TimeRange range, Coverage coverage);

    /**
     * Gaps on the grid of the series' cadence: only slots that open inside the range count, and each gap runs from the
     * first missing open to the open after the last. For events: every stretch that was not read.
     */
    static GapDetector byCadence() {
        return (series, range, coverage) -> {
            List<Gap> gaps = new ArrayList<>();
            for (Gap gap : coverage.proven()) {
                slots(series, gap, range, gaps);
            }
            for (TimeRange unknown : coverage.unknown()) {
                slots(series, Gap.notFetched(unknown), range, gaps);
            }
            gaps.sort(null);
            return List.copyOf(gaps);
        };
    }

    private static void slots(Series series, Gap gap, TimeRange range, List<Gap> gaps) {
        gap.range()
                .intersection(range)
                .flatMap(part -> series.cadence().slots(part))
                .ifPresent(slots -> gaps.add(gap.over(slots)));
    }
}
