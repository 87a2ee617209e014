package dev.candlewick;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/** A column of instants, held as microseconds since 1970-01-01T00:00:00Z. */
public final class TimeColumn extends ColumnHead implements Column {

    private final long[] values;

    TimeColumn(String name, long[] values, int size, Nulls nulls) {
        super(name, new ColumnType.Time(), size, nulls);
        this.values = values;
    }

    /** A column without nulls over a copy of the values. */
    public static TimeColumn of(String name, long... values) {
        return adopt(name, values.clone());
    }

    /**
     * A column without nulls that takes the array over instead of copying it: for decoders that fill one array per
     * column. The caller must not write to it any more; columns are immutable and may be read by other threads.
     */
    public static TimeColumn adopt(String name, long[] values) {
        return new TimeColumn(name, values, values.length, Nulls.NONE);
    }

    /** The row's instant. */
    public Instant get(int row) {
        return EpochMicros.toInstant(epochMicros(row));
    }

    /** The row's instant in microseconds since 1970-01-01T00:00:00Z. */
    public long epochMicros(int row) {
        Objects.checkIndex(row, size);
        return values[row];
    }

    /** The first row whose time is before that of the row before it; {@link #size} when times never go back. */
    public int firstDescent() {
        // Negative once a time is less than the one before; without a branch, so the compiler makes vector
        // instructions.
        long back = 0;
        for (int row = 1; row < size; row++) {
            long time = values[row];
            long before = values[row - 1];
            back |= (time & ~before) | (~(time ^ before) & (time - before));
        }
        int first = back < 0 ? 1 : size;
        while (first < size && values[first] >= values[first - 1]) {
            first++;
        }
        return first;
    }

    /** Copies the rows {@code [from, to)} into {@code target} from {@code at} on; null rows copy as zero. */
    public void copy(int from, int to, long[] target, int at) {
        Objects.checkFromToIndex(from, to, size);
        System.arraycopy(values, from, target, at, to - from);
    }

    @Override
    public TimeColumn slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return new TimeColumn(name, Arrays.copyOfRange(values, from, to), to - from, nulls.slice(from, to));
    }

    @Override
    public String text(int row) {
        return isNull(row) ? "" : EpochMicros.toInstant(values[row]).toString();
    }
}
