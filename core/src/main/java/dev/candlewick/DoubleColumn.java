package dev.candlewick;

import java.util.Arrays;
import java.util.Objects;

/** A column of 64-bit binary floating-point numbers: features, never prices or quantities. */
public final class DoubleColumn extends ColumnHead implements Column {

    private final double[] values;

    DoubleColumn(String name, double[] values, int size, Nulls nulls) {
        super(name, new ColumnType.Float64(), size, nulls);
        this.values = values;
    }

    /** A column without nulls over a copy of the values. */
    public static DoubleColumn of(String name, double... values) {
        return new DoubleColumn(name, values.clone(), values.length, Nulls.NONE);
    }

    /** The row's number. */
    public double value(int row) {
        Objects.checkIndex(row, size);
        return values[row];
    }

    /** Copies the rows {@code [from, to)} into {@code target} from {@code at} on; null rows copy as zero. */
    public void copy(int from, int to, double[] target, int at) {
        Objects.checkFromToIndex(from, to, size);
        System.arraycopy(values, from, target, at, to - from);
    }

    @Override
    public DoubleColumn slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return new DoubleColumn(name, Arrays.copyOfRange(values, from, to), to - from, nulls.slice(from, to));
    }

    @Override
    public String text(int row) {
        return isNull(row) ? "" : Double.toString(values[row]);
    }
}
