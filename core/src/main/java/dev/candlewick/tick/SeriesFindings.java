package dev.candlewick.tick;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the check of one series found.
 *
 * @param series whose rows were checked
 * @param range where
 * @param rows how many rows there were
 * @param ranges the first and last times, the least and greatest prices; of columns that have a value
 * @param findings broken rules; none when all is well
 */
public record SeriesFindings(
        Series series, TimeRange range, long rows, List<ColumnRange> ranges, List<Finding> findings) {

    /** Copies the lists. */
    public SeriesFindings {
        ranges = List.copyOf(ranges);
        findings = List.copyOf(findings);
    }

    /** Whether nothing was found. */
    public boolean isClean() {
        return findings.isEmpty();
    }

    @Override
    public String toString() {
        return series + " over " + range + ": " + rows + (rows == 1 ? " row" : " rows")
                + (isClean()
                        ? ", nothing found"
                        : findings.stream().map(finding -> "\n  " + finding).collect(Collectors.joining()));
    }
}
