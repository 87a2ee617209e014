package dev.candlewick;

import java.util.Arrays;
import java.util.Objects;

/** A column of yes and no. */
public final class BooleanColumn extends ColumnHead implements Column {

    private final boolean[] values;

    BooleanColumn(String name, boolean[] values, int size, Nulls nulls) {
        super(name, new ColumnType.Bool(), size, nulls);
        this.values = values;
    }

    /** A column without nulls over a copy of the values. */
    public static BooleanColumn of(String name, boolean... values) {
        return new BooleanColumn(name, values.clone(), values.length, Nulls.NONE);
    }

    /** Whether the row says true. */
    public boolean value(int row) {
        Objects.checkIndex(row, size);
        return values[row];
    }

    /** Copies the rows {@code [from, to)} into {@code target} from {@code at} on; null rows copy as zero. */
    public void copy(int from, int to, boolean[] target, int at) {
        Objects.checkFromToIndex(from, to, size);
        System.arraycopy(values, from, target, at, to - from);
    }

    @Override
    public BooleanColumn slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return new BooleanColumn(name, Arrays.copyOfRange(values, from, to), to - from, nulls.slice(from, to));
    }

    @Override
    public String text(int row) {
        return isNull(row) ? "" : Boolean.toString(values[row]);
    }
}
