package dev.candlewick;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Prints scaled 128-bit integers as plain decimal text. */
final class DecimalText {

    private DecimalText() {}

    /** Plain digits: no exponent, no trailing zeros behind the point, no sign on zero. */
    static String plain(long high, long low, int scale) {
        if (high != low >> 63) {
            return plain(new BigDecimal(unscaled(high, low), scale));
        }
        if (scale == 0 || low == 0) {
            return Long.toString(low);
        }
        if (low == Long.MIN_VALUE) {
            return plain(BigDecimal.valueOf(low, scale));
        }
        long magnitude = Math.abs(low);
        char[] digits = new char[24 + scale];
        int at = digits.length;
        int left = scale;
        while (left > 0 && magnitude % 10 == 0) {
            magnitude /= 10;
            left--;
        }
        if (left > 0) {
            for (; left > 0; left--) {
                digits[--at] = (char) ('0' + magnitude % 10);
                magnitude /= 10;
            }
            digits[--at] = '.';
        }
        do {
            digits[--at] = (char) ('0' + magnitude % 10);
            magnitude /= 10;
        } while (magnitude != 0);
        if (low < 0) {
            digits[--at] = '-';
        }
        return new String(digits, at, digits.length - at);
    }

    static BigInteger unscaled(long high, long low) {
        BigInteger unsignedLow = BigInteger.valueOf(low);
        if (low < 0) {
            unsignedLow = unsignedLow.add(BigInteger.ONE.shiftLeft(64));
        }
        return BigInteger.valueOf(high).shiftLeft(64).add(unsignedLow);
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
