package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.ContentHash;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.List;

/** Rows taken out of batches, for comparing what was written with what is read, whatever batches they came in. */
public final class Rows {

    private Rows() {}

    /** Every row that a source has of a series in a range, each as the plain text of its columns. */
    public static List<List<String>> of(Source source, Series series, TimeRange range) {
        return of(read(source, series, range));
    }

    /** Every row of some batches, each as the plain text of its columns. */
    public static List<List<String>> of(List<Batch> batches) {
        List<List<String>> rows = new ArrayList<>();
        for (Batch batch : batches) {
            for (int row = 0; row < batch.rows(); row++) {
                int at = row;
                rows.add(batch.columns().stream().map(column -> column.text(at)).toList());
            }
        }
        return rows;
    }

    /** The batches that a source gives of a series in a range. */
    public static List<Batch> read(Source source, Series series, TimeRange range) {
        List<Batch> batches = new ArrayList<>();
        try (Batches cursor = source.read(series, range)) {
            cursor.forEach(batches::add);
        }
        return batches;
    }

    /** The content hash of what a source has of a series in a range. */
    public static String hash(Source source, Series series, TimeRange range) {
        return ContentHash.of(series.schema(), read(source, series, range));
    }

    /** One batch of all the rows. */
    public static Batch join(Series series, List<Batch> batches) {
        BatchBuilder builder =
                new BatchBuilder(series, batches.stream().mapToInt(Batch::rows).sum());
        for (Batch batch : batches) {
            for (int row = 0; row < batch.rows(); row++) {
                for (int i = 0; i < batch.columns().size(); i++) {
                    copy(batch.columns().get(i), row, builder, i);
                }
                builder.endRow();
            }
        }
        return builder.build();
    }

    static void copy(Column column, int row, BatchBuilder to, int at) {
        boolean missing = column.isNull(row);
        if (column instanceof TimeColumn times) {
            if (missing) {
                to.time(at).appendNull();
            } else {
                to.time(at).append(times.epochMicros(row));
            }
        } else if (column instanceof DecimalColumn decimals) {
            if (missing) {
                to.decimal(at).appendNull();
            } else {
                to.decimal(at).appendUnscaled(decimals.high(row), decimals.low(row));
            }
        } else if (column instanceof LongColumn longs) {
            if (missing) {
                to.int64(at).appendNull();
            } else {
                to.int64(at).append(longs.value(row));
            }
        } else if (column instanceof DoubleColumn doubles) {
            if (missing) {
                to.float64(at).appendNull();
            } else {
                to.float64(at).append(doubles.value(row));
            }
        } else if (column instanceof BooleanColumn flags) {
            if (missing) {
                to.bool(at).appendNull();
            } else {
                to.bool(at).append(flags.value(row));
            }
        } else {
            if (missing) {
                to.text(at).appendNull();
            } else {
                to.text(at).append(((TextColumn) column).value(row));
            }
        }
    }
}
