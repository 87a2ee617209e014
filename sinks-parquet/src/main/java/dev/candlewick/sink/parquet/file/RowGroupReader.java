package dev.candlewick.sink.parquet.file;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import java.util.List;
import java.util.Optional;

/** Reads the rows of one row group side by side over its columns; times first, so that the rest is read only where asked. */
final class RowGroupReader {

    private static final int ROWS = 32_768;

    private final Series series;
    private final List<ColumnReader> readers;
    private final int timeAt;
    private final Place place;
    private final long start;
    private final long end;
    private final long lastRow;
    private long row;
    private long lastTime;

    /**
     * Over the rows {@code [firstRow, lastRow)} of the row group.
     *
     * @param timeAt which of the readers is that of the time column
     * @param lastTime the time of the row before
     */
    RowGroupReader(
            Series series,
            List<ColumnReader> readers,
            int timeAt,
            Place place,
            long start,
            long end,
            long firstRow,
            long lastRow,
            long lastTime) {
        this.series = series;
        this.readers = readers;
        this.timeAt = timeAt;
        this.place = place;
        this.start = start;
        this.end = end;
        this.row = firstRow;
        this.lastRow = lastRow;
        this.lastTime = lastTime;
        for (ColumnReader reader : readers) {
            reader.skip(Math.toIntExact(firstRow - reader.row()));
        }
    }

    /** The time of the last row read. */
    long lastTime() {
        return lastTime;
    }

    /** The next rows of the range; empty at the end. */
    Optional<Batch> next() {
        while (row < lastRow) {
            int rows = (int) Math.min(ROWS, lastRow - row);
            TimeColumn times = (TimeColumn) readers.get(timeAt).read(rows);
            checkOrder(times);
            int from = firstAt(times, start);
            int to = firstAt(times, end);
            row = to < rows ? lastRow : row + rows;
            if (from < to) {
                return Optional.of(batch(times, from, to));
            }
            for (int i = 0; i < readers.size(); i++) {
                if (i != timeAt) {
                    readers.get(i).skip(rows);
                }
            }
        }
        return Optional.empty();
    }

    private Batch batch(TimeColumn times, int from, int to) {
        int rows = times.size();
        Column[] columns = new Column[readers.size()];
        Lanes.forEach(readers.size(), to - from, i -> {
            ColumnReader reader = readers.get(i);
            if (i == timeAt) {
                columns[i] = to - from == rows ? times : times.slice(from, to);
            } else {
                reader.skip(from);
                columns[i] = reader.read(to - from);
                if (row < lastRow) {
                    reader.skip(rows - to);
                }
            }
        });
        return Batch.ofSome(series, List.of(columns));
    }

    private void checkOrder(TimeColumn times) {
        int back = times.epochMicros(0) < lastTime ? 0 : times.firstDescent();
        if (back < times.size()) {
            throw place.corrupt("row " + (row + back) + " goes back in time, to " + times.text(back)
                    + "; rows must be sorted by '" + times.name() + "'");
        }
        lastTime = times.epochMicros(times.size() - 1);
    }

    private static int firstAt(TimeColumn times, long epochMicros) {
        int low = 0;
        int high = times.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times.epochMicros(middle) < epochMicros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
