package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.Field;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column that wait for their row group to fill: dense, without the nulls, which are kept beside them.
 * Encoders speak of values, not rows.
 */
abstract sealed class Cells permits LongCells, WideCells, DoubleCells, BooleanCells, TextCells {

    private final boolean nullable;
    /** Of columns of which a row has no value, from then on; most that might have such rows have none. */
    private int[] defined = new int[0];

    private boolean anyNulls;
    private int rows;

    Cells(Field field) {
        this.nullable = field.nullable();
    }

    static Cells of(Field field) {
        ColumnType type = field.type();
        if (type instanceof ColumnType.Decimal decimal) {
            return StoredType.isWide(decimal) ? new WideCells(field, decimal) : new LongCells(field);
        } else if (type instanceof ColumnType.Float64) {
            return new DoubleCells(field);
        } else if (type instanceof ColumnType.Bool) {
            return new BooleanCells(field);
        } else if (type instanceof ColumnType.Text) {
            return new TextCells(field);
        } else {
            return new LongCells(field);
        }
    }

    final boolean isEmpty() {
        return rows == 0;
    }

    /** How many of the rows {@code [from, to)} still fit the row group; at least one while it is empty. */
    int roomFor(Column column, int from, int to) {
        return to - from;
    }

    final void append(Column column, int from, int to) {
        if (anyNulls || column.hasNulls()) {
            mark(column, from, to);
        }
        if (!column.hasNulls()) {
            appendValues(column, from, to);
        } else {
            int row = from;
            while (row < to) {
                int start = row;
                while (row < to && !column.isNull(row)) {
                    row++;
                }
                if (row > start) {
                    appendValues(column, start, row);
                }
                row++;
            }
        }
        rows += to - from;
    }

    private void mark(Column column, int from, int to) {
        if (rows + to - from > defined.length) {
            defined = Arrays.copyOf(defined, Math.max(rows + to - from, defined.length * 2));
        }
        if (!anyNulls) {
            Arrays.fill(defined, 0, rows, 1);
            anyNulls = true;
        }
        if (!column.hasNulls()) {
            Arrays.fill(defined, rows, rows + to - from, 1);
            return;
        }
        for (int row = from; row < to; row++) {
            defined[rows + row - from] = column.isNull(row) ? 0 : 1;
        }
    }

    /** Encodes per row 1 for a value and 0 for none; only of columns that may have nulls. */
    final void definitionLevels(int from, int to, ByteBuilder out) {
        if (anyNulls) {
            HybridEncoder.encode(defined, from, to, 1, out);
        } else {
            HybridEncoder.run(1, to - from, 1, out);
        }
    }

    final boolean nullable() {
        return nullable;
    }

    /** How many of the rows {@code [from, to)} have a value. */
    final int valuesIn(int from, int to) {
        if (!anyNulls) {
            return to - from;
        }
        int count = 0;
        for (int row = from; row < to; row++) {
            count += defined[row];
        }
        return count;
    }

    void clear() {
        anyNulls = false;
        rows = 0;
    }

    abstract void appendValues(Column column, int from, int to);

    /** Encodes the values {@code [from, to)} back to back. */
    abstract void plain(int from, int to, ByteBuilder out);

    /** The values as 64-bit integers, where they are such and differences may pay. */
    long @Nullable [] integers() {
        return null;
    }

    /** Whether values share so much with the one before that writing only what differs may pay. */
    boolean sharesPrefixes() {
        return false;
    }

    /** Encodes the values {@code [from, to)} as DELTA_BYTE_ARRAY, where they {@link #sharesPrefixes}. */
    void differing(int from, int to, ByteBuilder out) {
        throw new IllegalStateException("These values share nothing");
    }

    /** The first {@code count} values as a dictionary, or null when they are too varied. */
    @Nullable
    Codes dictionary(int count) {
        return null;
    }

    /** Bounds of the values {@code [from, to)}, at least one; null when there is no honest or short answer. */
    abstract @Nullable Bounds bounds(int from, int to);

    /** Compares two values in the form of statistics by the column's order. */
    abstract int compare(byte[] left, byte[] right);
}
