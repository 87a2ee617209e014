package dev.candlewick.spi;

import dev.candlewick.Batch;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;

/** What every {@link dev.candlewick.SinkWriter} checks before it takes anything, so that all say the same. For one thread. */
public final class AppendCheck {

    private final Series series;
    private final TimeRange range;
    private final boolean timeIsKey;
    private long lastMicros = Long.MIN_VALUE;
    private long rows;

    /**
     * A check for one writer.
     *
     * @throws Refused when rows of this series may not be stored because forward fill may have invented them
     */
    public AppendCheck(Series series, TimeRange range) {
        if (series.dataset().isFilled()) {
            throw new Refused("Rows of " + series + " are filled forward and are never stored; store the series without"
                    + " ':filled' and fill when reading");
        }
        Schema schema = series.schema();
        this.series = series;
        this.range = range;
        this.timeIsKey = schema.key().size() == 1 && schema.key().get(0).equals(schema.time());
    }

    /**
     * Accepts the batch, or refuses it whole.
     *
     * @throws IllegalArgumentException naming the first row that is outside the range, goes back in time or repeats a key;
     *     or when columns are missing
     */
    public void accept(Batch batch) {
        if (!batch.series().equals(series)) {
            throw new IllegalArgumentException("A writer of " + series + " cannot take rows of " + batch.series());
        }
        batch.requireWhole();
        TimeColumn times = batch.times();
        long start = range.startMicros();
        long end = range.endMicros();
        long last = lastMicros;
        for (int row = 0; row < times.size(); row++) {
            long time = times.epochMicros(row);
            if (time < start || time >= end) {
                throw at(times, row, "is outside the range " + range + " being written");
            }
            if (time < last) {
                throw at(times, row, "goes back in time");
            }
            if (timeIsKey && time == last) {
                throw at(times, row, "repeats the key of the row before");
            }
            last = time;
        }
        lastMicros = last;
        rows += batch.rows();
    }

    /** Rows accepted so far. */
    public long rows() {
        return rows;
    }

    private IllegalArgumentException at(TimeColumn times, int row, String what) {
        return new IllegalArgumentException(
                "Row " + (rows + row) + " of " + series + " (" + times.name() + " " + times.text(row) + ") " + what);
    }
}
