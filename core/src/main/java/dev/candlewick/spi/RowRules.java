package dev.candlewick.spi;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must be true of rows beyond their hash: order and uniqueness, and for candles their prices. For one thread. */
public final class RowRules {

    /** More of the same say nothing new. */
    private static final int MESSAGES = 20;

    private final Series series;
    private final boolean timeIsKey;
    private final boolean candles;
    private final List<String> broken = new ArrayList<>();
    private Optional<String> firstOffGrid = Optional.empty();
    private long offGrid;
    private long lastMicros = Long.MIN_VALUE;

    /** Rules for the rows of one unit. */
    public RowRules(Series series) {
        Schema schema = series.schema();
        this.series = series;
        this.timeIsKey = schema.key().equals(List.of(schema.time()));
        this.candles = schema.equals(Schema.CANDLES);
    }

    /** Checks rows that follow the ones before. */
    public void add(Batch batch) {
        TimeColumn times = batch.times();
        for (int row = 0; row < batch.rows(); row++) {
            long time = times.epochMicros(row);
            if (time < lastMicros || (timeIsKey && time == lastMicros)) {
                broken(times, row, time == lastMicros ? "occurs twice" : "is out of order");
            }
            lastMicros = time;
            if (series.cadence() instanceof Cadence.Grid grid && grid.floor(time) != time) {
                offGrid++;
                if (firstOffGrid.isEmpty()) {
                    firstOffGrid = Optional.of(times.text(row));
                }
            }
        }
        if (candles) {
            checkCandles(batch);
        }
    }

    /** The rules that rows break, the first few of them. */
    public List<String> broken() {
        return List.copyOf(broken);
    }

    /** How many candles open off the grid, if any do. */
    public Optional<String> offGrid() {
        return firstOffGrid.map(first -> offGrid + " rows do not open on the " + series.cadence()
                + " grid, the first at " + first + "; they are stored as published");
    }

    private void checkCandles(Batch batch) {
        TimeColumn times = batch.times();
        DecimalColumn open = batch.decimals("open");
        DecimalColumn high = batch.decimals("high");
        DecimalColumn low = batch.decimals("low");
        DecimalColumn close = batch.decimals("close");
        TimeColumn closeTimes = batch.times("close_time");
        for (int row = 0; row < batch.rows(); row++) {
            if (isOutside(open, high, row, low) || isOutside(close, high, row, low)) {
                broken(
                        times,
                        row,
                        "has low " + low.text(row) + ", open " + open.text(row) + ", close " + close.text(row)
                                + ", high " + high.text(row) + "; low and high must enclose the others");
            }
            if (closeTimes.epochMicros(row) < times.epochMicros(row)) {
                broken(times, row, "closes at " + closeTimes.text(row) + ", before it opens");
            }
        }
        for (Column column : batch.columns()) {
            checkSigns(times, column);
        }
    }

    private static boolean isOutside(DecimalColumn value, DecimalColumn high, int row, DecimalColumn low) {
        return compare(value, low, row) < 0 || compare(value, high, row) > 0;
    }

    // One schema, one scale: comparing the unscaled 128-bit integers compares the values.
    private static int compare(DecimalColumn left, DecimalColumn right, int row) {
        int byHigh = Long.compare(left.high(row), right.high(row));
        return byHigh != 0 ? byHigh : Long.compareUnsigned(left.low(row), right.low(row));
    }

    private void checkSigns(TimeColumn times, Column column) {
        for (int row = 0; row < column.size(); row++) {
            boolean negative = column instanceof DecimalColumn decimals
                    ? decimals.high(row) < 0
                    : column instanceof LongColumn longs && longs.value(row) < 0;
            if (negative) {
                broken(times, row, "has " + column.name() + " " + column.text(row) + ", less than nothing");
            }
        }
    }

    private void broken(TimeColumn times, int row, String what) {
        if (broken.size() < MESSAGES) {
            broken.add("the row at " + times.text(row) + " " + what);
        }
    }
}
