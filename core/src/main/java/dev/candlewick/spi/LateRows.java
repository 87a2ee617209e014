package dev.candlewick.spi;

import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers ticks that arrived too late or too early to be counted where they happened. Names the first thousand and counts
 * all. For one thread.
 */
public final class LateRows {

    private static final int NAMED = 1_000;

    private final Series series;
    private final List<QuarantinedRow> rows = new ArrayList<>();
    private long count;

    /** Starts with none. */
    public LateRows(Series series) {
        this.series = series;
    }

    /** Takes a row: its number in what was read, counted from 1, and its two times. */
    public void add(long row, long timestamp, long localTimestamp) {
        count++;
        if (rows.size() < NAMED) {
            long delay = localTimestamp - timestamp;
            rows.add(new QuarantinedRow(
                    series.toString(),
                    row,
                    "timestamp",
                    delay < 0
                            ? "it arrived " + -delay + " µs before it happened, more than clocks may differ"
                            : "it arrived " + delay + " µs after it happened, later than is waited for",
                    "timestamp " + TimeRange.instant(timestamp) + ", local_timestamp "
                            + TimeRange.instant(localTimestamp)));
        }
    }

    /** How many. */
    public long count() {
        return count;
    }

    /** The first thousand, and a last one that counts those beyond. */
    public List<QuarantinedRow> rows() {
        List<QuarantinedRow> all = new ArrayList<>(rows);
        if (count > NAMED) {
            all.add(new QuarantinedRow(
                    series.toString(), 0, "timestamp", (count - NAMED) + " more rows arrived late or early", ""));
        }
        return all;
    }
}
