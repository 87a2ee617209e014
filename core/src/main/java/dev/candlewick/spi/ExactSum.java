package dev.candlewick.spi;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A sum of unscaled decimals or of their products, exact at any size: 128 bits, and beyond them a big integer that takes
 * over what overflows. Adding allocates nothing as long as summands fit 64 bits and sums 128. For one thread.
 */
public final class ExactSum {

    private static final long EXACT = 1L << 53;
    private static final double[] EXACT_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private long high;
    private long low;
    // What no longer fitted; the sum is this and the 128 bits together.
    private BigInteger overflow = BigInteger.ZERO;

    /** A sum of nothing. */
    public ExactSum() {}

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

    /** Adds the product of two sums. */
    public void addProduct(ExactSum left, ExactSum right) {
        if (left.overflow.signum() == 0 && right.overflow.signum() == 0) {
            addProduct(left.high, left.low, right.high, right.low);
        } else {
            overflow = overflow.add(left.value().multiply(right.value()));
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
        if (overflow.signum() == 0 && high == low >> 63) {
            return doubleValue(low, scale);
        }
        return decimal(scale).doubleValue();
    }

    /** An unscaled decimal divided by 10<sup>scale</sup>, rounded once. */
    public static double doubleValue(long unscaled, int scale) {
        // Both are exact in a double, so that the division is the only rounding.
        if (scale == 0 || (unscaled >= -EXACT && unscaled <= EXACT && scale < EXACT_POWERS.length)) {
            return unscaled / EXACT_POWERS[scale];
        }
        // Columns have more places than what is traded: without six zeros nearly everything is exact.
        if (scale >= 6 && unscaled % 1_000_000 == 0) {
            return doubleValue(unscaled / 1_000_000, scale - 6);
        }
        return BigDecimal.valueOf(unscaled, scale).doubleValue();
    }

    /** A 128-bit unscaled decimal divided by 10<sup>scale</sup>, rounded once. */
    public static double doubleValue(long high, long low, int scale) {
        return high == low >> 63 ? doubleValue(low, scale) : new BigDecimal(integer(high, low), scale).doubleValue();
    }

    /** The 128-bit two's complement integer {@code high:low}. */
    public static BigInteger integer(long high, long low) {
        BigInteger lower = BigInteger.valueOf(low);
        return high == low >> 63
                ? lower
                : BigInteger.valueOf(high).shiftLeft(64).add(low < 0 ? lower.add(BigInteger.ONE.shiftLeft(64)) : lower);
    }

    @Override
    public String toString() {
        return value().toString();
    }

    private void spill() {
        overflow = overflow.add(integer(high, low));
    }
}
