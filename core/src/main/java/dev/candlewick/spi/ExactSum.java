package dev.candlewick.spi;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A sum of unscaled decimals or of their products, exact at any size: 128 bits, and beyond them a big integer that takes
 * over what overflows. Adding allocates nothing as long as summands fit 64 bits and sums 128. For one thread.
 */
public final class ExactSum {

    private long high;
    private long low;
    // What no longer fitted; the sum is this and the 128 bits together.
    private BigInteger overflow = BigInteger.ZERO;

    /** Starts again at zero. */
    public void clear() {
        high = 0;
        low = 0;
        overflow = BigInteger.ZERO;
    }

    /** Adds a 64-bit integer. */
    public void add(long value) {
        add(value >> 63, value);
    }

    /** Adds the 128-bit two's complement integer {@code moreHigh:moreLow}. */
    public void add(long moreHigh, long moreLow) {
        long sum = low + moreLow;
        long carry = Long.compareUnsigned(sum, moreLow) < 0 ? 1 : 0;
        long sumHigh = high + moreHigh + carry;
        if (((high ^ sumHigh) & (moreHigh ^ sumHigh)) < 0) {
            spill();
            high = moreHigh;
            low = moreLow;
        } else {
            high = sumHigh;
            low = sum;
        }
    }

    /** Subtracts the 128-bit two's complement integer {@code lessHigh:lessLow}. */
    public void subtract(long lessHigh, long lessLow) {
        if (lessHigh == Long.MIN_VALUE) {
            overflow = overflow.subtract(integer(lessHigh, lessLow));
        } else {
            add(lessLow == 0 ? -lessHigh : ~lessHigh, -lessLow);
        }
    }

    /** Adds another sum. */
    public void add(ExactSum other) {
        add(other.high, other.low);
        if (other.overflow.signum() != 0) {
            overflow = overflow.add(other.overflow);
        }
    }

    /** Subtracts another sum. */
    public void subtract(ExactSum other) {
        subtract(other.high, other.low);
        if (other.overflow.signum() != 0) {
            overflow = overflow.subtract(other.overflow);
        }
    }

    /** Adds the product of two 64-bit integers. */
    public void addProduct(long left, long right) {
        add(Math.multiplyHigh(left, right), left * right);
    }

    /** Adds the product of two 128-bit two's complement integers. */
    public void addProduct(long leftHigh, long leftLow, long rightHigh, long rightLow) {
        if (leftHigh == leftLow >> 63 && rightHigh == rightLow >> 63) {
            addProduct(leftLow, rightLow);
        } else {
            overflow = overflow.add(integer(leftHigh, leftLow).multiply(integer(rightHigh, rightLow)));
        }
    }

    /** Adds the 64-bit integers {@code [from, to)} of an array. */
    public void add(long[] values, int from, int to) {
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

    /** Adds the products of the 64-bit integers {@code [from, to)} of two arrays. */
    public void addProducts(long[] left, long[] right, int from, int to) {
        for (int row = from; row < to; row++) {
            add(Math.multiplyHigh(left[row], right[row]), left[row] * right[row]);
        }
    }

    /** -1, 0 or 1, as the sum is negative, zero or positive. */
    public int signum() {
        if (overflow.signum() == 0) {
            return high != 0 ? (high < 0 ? -1 : 1) : low != 0 ? 1 : 0;
        }
        return value().signum();
    }

    /** The sum. */
    public BigInteger value() {
        return overflow.add(integer(high, low));
    }

    /** The sum as a decimal with so many digits behind the point. */
    public BigDecimal decimal(int scale) {
        return overflow.signum() == 0 && high == low >> 63
                ? BigDecimal.valueOf(low, scale)
                : new BigDecimal(value(), scale);
    }

    /** The sum divided by 10<sup>scale</sup>, rounded once. */
    public double doubleValue(int scale) {
        return signum() == 0 ? 0 : decimal(scale).doubleValue();
    }

    @Override
    public String toString() {
        return value().toString();
    }

    private void spill() {
        overflow = overflow.add(integer(high, low));
    }

    private static BigInteger integer(long high, long low) {
        BigInteger lower = BigInteger.valueOf(low);
        return high == low >> 63
                ? lower
                : BigInteger.valueOf(high)
                        .shiftLeft(64)
                        .add(low < 0 ? lower.add(BigInteger.ONE.shiftLeft(64)) : lower);
    }
}
