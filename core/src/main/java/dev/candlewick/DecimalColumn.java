package dev.candlewick;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column of exact decimals with one scale: value = unscaled × 10<sup>-scale</sup>. Held as 64-bit integers when every
 * row fits, else as 128-bit ones; ask {@link #fitsLong} once and loop over {@link #unscaled}.
 *
 * <pre>{@code
 * DecimalColumn close = batch.decimals("close");
 * if (close.fitsLong()) {
 *     for (int row = 0; row < close.size(); row++) sum += close.unscaled(row);
 * }
 * }</pre>
 */
public final class DecimalColumn extends ColumnHead implements Column {

    private final ColumnType.Decimal type;
    private final long[] low;
    private final long @Nullable [] high;

    DecimalColumn(String name, ColumnType.Decimal type, long[] low, long @Nullable [] high, int size, Nulls nulls) {
        super(name, type, size, nulls);
        this.type = type;
        this.low = low;
        this.high = high;
    }

    /** A column without nulls over a copy of unscaled integers; one with more digits than the precision is refused. */
    public static DecimalColumn of(String name, int precision, int scale, long... unscaled) {
        return adopt(name, precision, scale, unscaled.clone());
    }

    /**
     * A column without nulls that takes the array of unscaled integers over instead of copying it: for decoders that fill
     * one array per column. The caller must not write to it any more; columns are immutable and may be read by other
     * threads.
     *
     * @throws ArithmeticException when a value has more digits than the precision; the array stays the caller's
     */
    public static DecimalColumn adopt(String name, int precision, int scale, long[] unscaled) {
        ColumnType.Decimal type = new ColumnType.Decimal(precision, scale);
        if (!type.holdsAll(unscaled)) {
            DecimalColumnBuilder builder = new DecimalColumnBuilder(name, type, 0);
            for (long value : unscaled) {
                builder.appendUnscaled(value); // refuses the first that does not fit, by name and value
            }
        }
        return new DecimalColumn(name, type, unscaled, null, unscaled.length, Nulls.NONE);
    }

    /** A column without nulls; a value that would have to be rounded or has too many digits is refused. */
    public static DecimalColumn of(String name, int precision, int scale, BigDecimal... values) {
        DecimalColumnBuilder builder =
                new DecimalColumnBuilder(name, new ColumnType.Decimal(precision, scale), values.length);
        for (BigDecimal value : values) {
            builder.append(value);
        }
        return builder.build();
    }

    /** Digits behind the point, the same for every row. */
    public int scale() {
        return type.scale();
    }

    /** The greatest number of digits. */
    public int precision() {
        return type.precision();
    }

    /** Whether every row's unscaled integer fits 64 bits, so that {@link #unscaled} never fails. */
    public boolean fitsLong() {
        return high == null;
    }

    /** The row's unscaled integer; {@link ArithmeticException} when it needs more than 64 bits, never a cut value. */
    public long unscaled(int row) {
        Objects.checkIndex(row, size);
        long bits = low[row];
        if (high != null && high[row] != bits >> 63) {
            throw new ArithmeticException(
                    "Row " + row + " of column '" + name + "' is " + get(row).toPlainString() + ", beyond 64 bits");
        }
        return bits;
    }

    /** The lower 64 bits of the row's 128-bit unscaled integer (two's complement). */
    public long low(int row) {
        return low[Objects.checkIndex(row, size)];
    }

    /** The upper 64 bits of the row's 128-bit unscaled integer (two's complement). */
    public long high(int row) {
        Objects.checkIndex(row, size);
        return high == null ? low[row] >> 63 : high[row];
    }

    /** The row's value, exact, with the column's scale. */
    public BigDecimal get(int row) {
        long bits = low(row);
        if (high == null || high[row] == bits >> 63) {
            return BigDecimal.valueOf(bits, type.scale());
        }
        return new BigDecimal(DecimalText.unscaled(high[row], bits), type.scale());
    }

    /**
     * Copies the lower 64 bits of the rows {@code [from, to)} into {@code target} from {@code at} on; where
     * {@link #fitsLong} these are the unscaled integers. Null rows copy as zero.
     */
    public void copyLow(int from, int to, long[] target, int at) {
        Objects.checkFromToIndex(from, to, size);
        System.arraycopy(low, from, target, at, to - from);
    }

    @Override
    public ColumnType.Decimal type() {
        return type;
    }

    @Override
    public DecimalColumn slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        long[] lowSlice = Arrays.copyOfRange(low, from, to);
        long[] highSlice = null;
        if (high != null) {
            highSlice = Arrays.copyOfRange(high, from, to);
        }
        return new DecimalColumn(name, type, lowSlice, highSlice, to - from, nulls.slice(from, to));
    }

    /** The row's value as plain digits without exponent or trailing zeros. */
    @Override
    public String text(int row) {
        return isNull(row) ? "" : DecimalText.plain(high(row), low(row), type.scale());
    }
}
