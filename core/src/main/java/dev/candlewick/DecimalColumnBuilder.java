package dev.candlewick;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link DecimalColumn} value by value from unscaled integers, {@link BigDecimal}s or the bytes of decimal text.
 *
 * <p>A value that has more digits than the column, or digits behind the point that the scale would drop, is refused with
 * an {@link ArithmeticException}; text that is no decimal with a {@link NumberFormatException}. A refused value leaves
 * the builder as it was. Values move to 128 bits when the first one needs it. For one thread.
 */
public final class DecimalColumnBuilder extends ColumnCells {

    private static final long[] POWERS_OF_TEN = new long[19];

    static {
        long power = 1;
        for (int i = 0; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = power;
            power *= 10;
        }
    }

    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private final ColumnType.Decimal type;
    // The largest magnitude of a 64-bit value: 10^precision - 1 or, above 18 digits, no bound but the 64 bits.
    private final long longBound;
    private long[] low;
    private long @Nullable [] high;

    /** A builder with room for {@code capacity} rows; it grows as needed. */
    public DecimalColumnBuilder(String name, ColumnType.Decimal type, int capacity) {
        super(name);
        this.type = type;
        this.longBound = type.precision() <= 18 ? POWERS_OF_TEN[type.precision()] - 1 : Long.MAX_VALUE;
        this.low = new long[Math.max(16, capacity)];
    }

    /** Rows so far. */
    public int size() {
        return size;
    }

    /** Appends unscaled × 10<sup>-scale</sup>. */
    public void appendUnscaled(long unscaled) {
        if (unscaled > longBound || unscaled < -longBound) {
            if (type.precision() <= 18
                    || BigInteger.valueOf(unscaled).abs().toString().length() > type.precision()) {
                throw tooLarge(BigDecimal.valueOf(unscaled, type.scale()));
            }
        }
        add(unscaled);
    }

    /** Appends the unscaled integers {@code [from, to)} of an array × 10<sup>-scale</sup>, all or, where one does not fit, none. */
    public void appendUnscaled(long[] unscaled, int from, int to) {
        for (int i = from; i < to && longBound < Long.MAX_VALUE; i++) {
            if (unscaled[i] > longBound || unscaled[i] < -longBound) {
                throw tooLarge(BigDecimal.valueOf(unscaled[i], type.scale()));
            }
        }
        while (low.length - size < to - from) {
            grow();
        }
        System.arraycopy(unscaled, from, low, size, to - from);
        if (high != null) {
            for (int i = from; i < to; i++) {
                high[size + i - from] = unscaled[i] >> 63;
            }
        }
        size += to - from;
    }

    /** Appends the 128-bit two's complement integer {@code high:low} × 10<sup>-scale</sup>. */
    public void appendUnscaled(long highBits, long lowBits) {
        if (highBits == lowBits >> 63) {
            appendUnscaled(lowBits);
        } else {
            append(new BigDecimal(DecimalText.unscaled(highBits, lowBits), type.scale()));
        }
    }

    /** Appends a value that the column can hold exactly. */
    public void append(BigDecimal value) {
        // A huge exponent would turn setScale and precision into an attack on memory; no real value comes near.
        if (value.signum() != 0 && (value.scale() > 1_000 || value.precision() - (long) value.scale() > 1_000)) {
            throw tooLarge(value);
        }
        BigDecimal scaled;
        try {
            scaled = value.signum() == 0 ? BigDecimal.ZERO.setScale(type.scale()) : value.setScale(type.scale());
        } catch (ArithmeticException rounding) {
            throw tooFine(value.toString());
        }
        if (scaled.precision() > type.precision()) {
            throw tooLarge(value);
        }
        BigInteger unscaled = scaled.unscaledValue();
        if (unscaled.compareTo(MIN_LONG) >= 0 && unscaled.compareTo(MAX_LONG) <= 0) {
            add(unscaled.longValue());
        } else {
            addWide(unscaled.shiftRight(64).longValue(), unscaled.longValue());
        }
    }

    /**
     * Appends the decimal written in the ASCII bytes {@code [from, to)}: an optional minus sign, digits, an optional point and
     * digits. Digits behind the scale must be zeros. Exponents, blanks, NaN and infinities are refused.
     */
    public void appendText(byte[] text, int from, int to) {
        // Venues print at most 18 significant digits in all but a handful of values: one pass over the bytes into a
        // long, everything else goes the slow way. About 10 times quicker than BigDecimal, without garbage.
        int at = from;
        boolean negative = at < to && text[at] == '-';
        if (negative) {
            at++;
        }
        long value = 0;
        int digits = 0;
        int start = at;
        int point = -1;
        for (; at < to; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
                digits++;
            } else if (text[at] == '.' && point < 0) {
                point = at;
            } else {
                throw notDecimal(text, from, to);
            }
        }
        int behind = point < 0 ? 0 : to - point - 1;
        if (digits == 0 || digits > 18 || behind > type.scale() || type.scale() - behind + digits > 18) {
            appendLongText(text, from, to, start);
            return;
        }
        value *= POWERS_OF_TEN[type.scale() - behind];
        if (value > longBound) {
            throw tooLarge(new BigDecimal(ascii(text, from, to)));
        }
        add(negative ? -value : value);
    }

    /** Appends a row without a value. */
    @Override
    public void appendNull() {
        nulls.mark(size);
        add(0);
    }

    /** The finished column; the builder starts again empty. */
    @Override
    public DecimalColumn build() {
        DecimalColumn column = new DecimalColumn(name, type, low, high, size, nulls.toNulls());
        low = new long[16];
        high = null;
        size = 0;
        return column;
    }

    private void appendLongText(byte[] text, int from, int to, int start) {
        if (start == to || to - from > 200 || (to - start == 1 && text[start] == '.')) {
            throw notDecimal(text, from, to);
        }
        append(new BigDecimal(ascii(text, from, to)));
    }

    private void add(long unscaled) {
        if (size == low.length) {
            grow();
        }
        low[size] = unscaled;
        if (high != null) {
            high[size] = unscaled >> 63;
        }
        size++;
    }

    private void addWide(long highBits, long lowBits) {
        if (size == low.length) {
            grow();
        }
        if (high == null) {
            long[] widened = new long[low.length];
            for (int row = 0; row < size; row++) {
                widened[row] = low[row] >> 63;
            }
            high = widened;
        }
        low[size] = lowBits;
        high[size] = highBits;
        size++;
    }

    private void grow() {
        int capacity = Math.multiplyExact(low.length, 2);
        low = Arrays.copyOf(low, capacity);
        if (high != null) {
            high = Arrays.copyOf(high, capacity);
        }
    }

    private NumberFormatException notDecimal(byte[] text, int from, int to) {
        return new NumberFormatException("'" + ascii(text, from, Math.min(to, from + 64))
                + "' is not a decimal number for column '" + name + "'");
    }

    private ArithmeticException tooFine(String value) {
        return new ArithmeticException(value + " does not fit column '" + name + "' " + type
                + ": it has digits behind the " + type.scale() + ". decimal place, and nothing is rounded");
    }

    private ArithmeticException tooLarge(BigDecimal value) {
        String shown = Math.abs((long) value.scale()) > 1_000 ? value.toString() : value.toPlainString();
        return new ArithmeticException((shown.length() > 100 ? shown.substring(0, 100) + "…" : shown)
                + " does not fit column '" + name + "' " + type);
    }

    private static String ascii(byte[] text, int from, int to) {
        return new String(text, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
