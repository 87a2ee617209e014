package dev.candlewick.candle;

import dev.candlewick.DecimalColumn;

/** An exact 128-bit sum of unscaled decimals. Not safe for many threads. */
final class Sum128 {

    private long high;
    private long low;

    void clear() {
        high = 0;
        low = 0;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Adds the 64-bit values {@code [from, to)}. */
    void add(long[] values, int from, int to) {
        // The upper and lower halves are summed apart: neither can overflow for less than 2^31 rows, and the loop
        // has no branch, so the compiler makes vector instructions of it.
        long upper = 0;
        long lower = 0;
        for (int row = from; row < to; row++) {
            upper += values[row] >> 32;
            lower += values[row] & 0xffff_ffffL;
        }
        add(upper >> 32, upper << 32);
        add(0, lower);
    }

    /** Adds rows of a column whose values may need 128 bits. */
    void add(DecimalColumn values, int from, int to) {
        for (int row = from; row < to; row++) {
            add(values.high(row), values.low(row));
        }
    }

    private void add(long moreHigh, long moreLow) {
        long sum = low + moreLow;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        // 38 digits stay below 2^127, so the high half can only overflow after a sum that no column holds.
        high = Math.addExact(high, Math.addExact(moreHigh, carry));
        low = sum;
    }
}
