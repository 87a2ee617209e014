package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.util.ArrayList;
import java.util.List;

/** Putting candles together and seeing which are missing. */
final class CandleRows {

    private static final int CLOSE_TIME = 6;

    private CandleRows() {}

    static Batch none(Series series) {
        return new BatchBuilder(series, 1).build();
    }

    /** Batches that follow each other in time as one. */
    static Batch concatenate(Series series, List<Batch> batches) {
        List<Batch> filled = batches.stream().filter(batch -> batch.rows() > 0).toList();
        if (filled.size() == 1) {
            return filled.get(0);
        }
        BatchBuilder builder =
                new BatchBuilder(series, filled.stream().mapToInt(Batch::rows).sum());
        for (Batch batch : filled) {
            for (int row = 0; row < batch.rows(); row++) {
                copy(batch, row, builder);
            }
        }
        return builder.build();
    }

    /** All rows of the first, and those of the second whose open time the first does not have. */
    static Batch merge(Series series, Batch first, Batch second) {
        if (first.rows() == 0 || second.rows() == 0) {
            return first.rows() == 0 ? second : first;
        }
        BatchBuilder builder = new BatchBuilder(series, first.rows() + second.rows());
        int other = 0;
        for (int row = 0; row < first.rows(); row++) {
            long open = first.times().epochMicros(row);
            for (; other < second.rows() && second.times().epochMicros(other) < open; other++) {
                copy(second, other, builder);
            }
            if (other < second.rows() && second.times().epochMicros(other) == open) {
                other++;
            }
            copy(first, row, builder);
        }
        for (; other < second.rows(); other++) {
            copy(second, other, builder);
        }
        return builder.build();
    }

    /**
     * How many candles both have with different values. A close time in milliseconds equals the one in microseconds that
     * lies within its millisecond: REST counts in the one, newer archive files in the other.
     */
    static int differences(Batch first, Batch second) {
        int differences = 0;
        for (int row = 0; row < second.rows(); row++) {
            long open = second.times().epochMicros(row);
            int same = first.firstRowFrom(open);
            if (same < first.rows() && first.times().epochMicros(same) == open && !equal(first, same, second, row)) {
                differences++;
            }
        }
        return differences;
    }

    /** Only the rows whose slot lies in the ranges. */
    static Batch within(Series series, Batch rows, TimeRanges ranges) {
        List<Batch> parts = new ArrayList<>();
        for (TimeRange range : ranges) {
            parts.add(rows.within(range));
        }
        return concatenate(series, parts);
    }

    /** The rows that had closed before the time. */
    static Batch closedBefore(Batch rows, long nowMicros) {
        int end = rows.rows();
        while (end > 0 && rows.times("close_time").epochMicros(end - 1) >= nowMicros) {
            end--;
        }
        return rows.slice(0, end);
    }

    /** The grid slots of the ranges in which no row opens. */
    static TimeRanges missing(Cadence.Grid grid, Batch rows, TimeRanges wanted) {
        List<TimeRange> missing = new ArrayList<>();
        TimeColumn times = rows.times();
        for (TimeRange range : wanted) {
            long end = Epoch.micros(range.end());
            long start = Epoch.micros(range.start());
            long expected = start;
            for (int row = rows.firstRowFrom(start); row < rows.rows() && times.epochMicros(row) < end; row++) {
                long open = times.epochMicros(row);
                if (open < expected) {
                    continue; // a second, off-grid row in a slot that is covered already
                }
                long slot = grid.floor(open);
                if (slot > expected) {
                    missing.add(TimeRange.ofEpochMicros(expected, slot));
                }
                expected = grid.next(slot);
            }
            if (expected < end) {
                missing.add(TimeRange.ofEpochMicros(expected, end));
            }
        }
        return TimeRanges.of(missing);
    }

    /** Nothing was traded: open, high, low and close are one price and there is no volume. */
    static boolean isFlat(Batch rows, int row) {
        return rows.longs("trades").value(row) == 0
                && rows.decimals("open").low(row) == rows.decimals("close").low(row)
                && rows.decimals("high").low(row) == rows.decimals("low").low(row)
                && rows.decimals("volume").low(row) == 0
                && rows.decimals("volume").high(row) == 0;
    }

    private static boolean equal(Batch first, int row, Batch second, int other) {
        for (int i = 0; i < first.columns().size(); i++) {
            if (i == CLOSE_TIME
                    ? !sameClose(
                            first.times("close_time").epochMicros(row),
                            second.times("close_time").epochMicros(other))
                    : !first.columns()
                            .get(i)
                            .text(row)
                            .equals(second.columns().get(i).text(other))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameClose(long first, long second) {
        boolean anyInMillis = first % 1_000 == 0 || second % 1_000 == 0;
        return anyInMillis ? first / 1_000 == second / 1_000 : first == second;
    }

    private static void copy(Batch batch, int row, BatchBuilder builder) {
        List<Column> columns = batch.columns();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column instanceof TimeColumn times) {
                builder.time(i).append(times.epochMicros(row));
            } else if (column instanceof DecimalColumn decimals) {
                builder.decimal(i).appendUnscaled(decimals.high(row), decimals.low(row));
            } else if (column instanceof LongColumn longs) {
                builder.int64(i).append(longs.value(row));
            } else {
                throw new IllegalStateException("Candles have no column like " + column);
            }
        }
        builder.endRow();
    }
}
