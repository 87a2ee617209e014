package dev.candlewick;

import java.util.Arrays;
import java.util.Objects;

/** A column of 64-bit integers: counts and ids. */
public final class LongColumn extends ColumnHead implements Column {

    private final long[] values;

    LongColumn(String name, long[] values, int size, Nulls nulls) {
        super(name, new ColumnType.Int64(), size, nulls);
        this.values = values;
    }

    /** A column without nulls over a copy of the values. */
    public static LongColumn of(String name, long... values) {
        return adopt(name, values.clone());
    }

    /**
     * A column without nulls that takes the array over instead of copying it: for decoders that fill one array per
     * column. The caller must not write to it any more; columns are immutable and may be read by other threads.
     */
    public static LongColumn adopt(String name, long[] values) {
        return new LongColumn(name, values, values.length, Nulls.NONE);
    }

    /** The row's number. */
    public long value(int row) {
        Objects.checkIndex(row, size);
        return values[row];
    }

    /** Copies the rows {@code [from, to)} into {@code target} from {@code at} on; null rows copy as zero. */
    public void copy(int from, int to, long[] target, int at) {
        Objects.checkFromToIndex(from, to, size);
        System.arraycopy(values, from, target, at, to - from);
    }

    @Override
    public LongColumn slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return new LongColumn(name, Arrays.copyOfRange(values, from, to), to - from, nulls.slice(from, to));
    }

    @Override
    public String text(int row) {
        return isNull(row) ? "" : Long.toString(values[row]);
    }
}
