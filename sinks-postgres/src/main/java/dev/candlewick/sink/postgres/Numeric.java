package dev.candlewick.sink.postgres;

import dev.candlewick.Corrupt;
import dev.candlewick.DecimalColumnBuilder;

/**
 * PostgreSQL's binary NUMERIC: the number of digits, the weight of the first, sign, scale, and the digits in base 10,000,
 * counted from the decimal point. Straight from and to unscaled integers, without {@code BigDecimal}: with it, encoding
 * cost as much as the whole {@code COPY}.
 */
final class Numeric {

    /** The most bytes of a value with its length: 12 digits in base 10,000 hold every decimal of 38. */
    static final int MOST_BYTES = 4 + 8 + 2 * 12;

    private static final int NEGATIVE = 0x4000;
    private static final int BASE = 10_000;
    private static final int[] ALIGNMENT = {1, 1_000, 100, 10};
    private static final long[] POWERS = new long[19];

    static {
        long power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private Numeric() {}

    /** Writes unscaled × 10<sup>-scale</sup>; the buffer must have room. */
    static void put(CopyBuffer out, long unscaled, int scale) {
        // Up to here a fraction filled up to whole groups of four digits stays within 64 bits.
        if (scale > 16 || unscaled == Long.MIN_VALUE) {
            put(out, unscaled >> 63, unscaled, scale);
            return;
        }
        long magnitude = Math.abs(unscaled);
        long whole = magnitude / POWERS[scale];
        long fraction = (magnitude - whole * POWERS[scale]) * ALIGNMENT[scale & 3];
        int groups = (scale + 3) >> 2;
        // From the last digit to the first, into the place where the value will end up if it has all of them.
        byte[] bytes = out.bytes;
        int end = out.at + 12 + 2 * (5 + groups);
        int to = end;
        for (int i = 0; i < groups; i++) {
            long rest = fraction / BASE;
            int digit = (int) (fraction - rest * BASE);
            fraction = rest;
            if (digit == 0 && to == end) {
                end -= 2;
                to = end;
            } else {
                to -= 2;
                bytes[to] = (byte) (digit >> 8);
                bytes[to + 1] = (byte) digit;
            }
        }
        int weight = -1;
        for (; whole != 0; weight++) {
            long rest = whole / BASE;
            int digit = (int) (whole - rest * BASE);
            whole = rest;
            if (digit == 0 && to == end) {
                end -= 2;
                to = end;
            } else {
                to -= 2;
                bytes[to] = (byte) (digit >> 8);
                bytes[to + 1] = (byte) digit;
            }
        }
        if (weight == -1) {
            for (; to < end && bytes[to] == 0 && bytes[to + 1] == 0; to += 2) {
                weight--;
            }
        }
        finish(out, to, end, weight, unscaled < 0, scale);
    }

    /** Writes the 128-bit two's complement integer {@code high:low} × 10<sup>-scale</sup>; the buffer must have room. */
    static void put(CopyBuffer out, long high, long low, int scale) {
        boolean negative = high < 0;
        long upper = high;
        long lower = low;
        if (negative) {
            lower = -lower;
            upper = ~upper + (lower == 0 ? 1 : 0);
        }
        // Five limbs of 32 bits: filling up the last group of a value of 38 digits may take it beyond 128.
        int[] limbs = {0, (int) (upper >>> 32), (int) upper, (int) (lower >>> 32), (int) lower};
        multiply(limbs, ALIGNMENT[scale & 3]);
        int groups = (scale + 3) >> 2;
        byte[] bytes = out.bytes;
        int end = out.at + MOST_BYTES;
        int to = end;
        int weight = -groups - 1;
        while (!isZero(limbs)) {
            int digit = divide(limbs, BASE);
            weight++;
            if (digit != 0 || to != end) {
                to -= 2;
                bytes[to] = (byte) (digit >> 8);
                bytes[to + 1] = (byte) digit;
            }
        }
        finish(out, to, end, weight, negative, scale);
    }

    private static void finish(CopyBuffer out, int from, int end, int weight, boolean negative, int scale) {
        int digits = end - from;
        int start = out.at;
        out.putInt(8 + digits);
        out.putShort(digits >> 1);
        out.putShort(digits == 0 ? 0 : weight);
        out.putShort(negative && digits > 0 ? NEGATIVE : 0);
        out.putShort(scale);
        System.arraycopy(out.bytes, from, out.bytes, start + 12, digits);
        out.at = start + 12 + digits;
    }

    private static void multiply(int[] limbs, int factor) {
        long carry = 0;
        for (int i = limbs.length - 1; i >= 0; i--) {
            long product = (limbs[i] & 0xFFFF_FFFFL) * factor + carry;
            limbs[i] = (int) product;
            carry = product >>> 32;
        }
    }

    private static int divide(int[] limbs, int divisor) {
        long rest = 0;
        for (int i = 0; i < limbs.length; i++) {
            long dividend = (rest << 32) | (limbs[i] & 0xFFFF_FFFFL);
            limbs[i] = (int) (dividend / divisor);
            rest = dividend % divisor;
        }
        return (int) rest;
    }

    private static boolean isZero(int[] limbs) {
        return (limbs[0] | limbs[1] | limbs[2] | limbs[3] | limbs[4]) == 0;
    }

    /**
     * Reads a value into a column.
     *
     * @throws ArithmeticException when the column cannot hold it exactly
     * @throws Corrupt when it is no number
     */
    static void read(byte[] bytes, int at, int length, int scale, DecimalColumnBuilder into) {
        int digits = shortAt(bytes, at);
        int weight = (short) shortAt(bytes, at + 2);
        int sign = shortAt(bytes, at + 4);
        if ((sign != 0 && sign != NEGATIVE) || length != 8 + 2 * digits) {
            throw new Corrupt("it is NaN, infinite or no NUMERIC at all");
        }
        int from = at + 8;
        // What the last digit counts, as a power of ten of unscaled units.
        int shift = digits == 0 ? 0 : 4 * (weight - digits + 1) + scale;
        if (digits <= 4 && shift >= -3 && shift <= 18) {
            long value = 0;
            for (int i = 0; i < digits; i++) {
                value = value * BASE + shortAt(bytes, from + 2 * i);
            }
            long power = POWERS[Math.abs(shift)];
            long scaled = shift < 0 ? value / power : value * power;
            boolean exact = shift < 0 ? scaled * power == value : Math.multiplyHigh(value, power) == 0 && scaled >= 0;
            if (exact) {
                into.appendUnscaled(sign == 0 ? scaled : -scaled);
                return;
            }
        }
        readWide(bytes, from, digits, shift, sign != 0, into);
    }

    private static void readWide(
            byte[] bytes, int from, int digits, int shift, boolean negative, DecimalColumnBuilder into) {
        int[] limbs = new int[5];
        for (int i = 0; i < digits; i++) {
            multiply(limbs, BASE);
            add(limbs, shortAt(bytes, from + 2 * i));
            refuseBeyond(limbs);
        }
        for (int i = shift; i > 0; i--) {
            multiply(limbs, 10);
            refuseBeyond(limbs);
        }
        for (int i = shift; i < 0; i++) {
            if (divide(limbs, 10) != 0) {
                throw new ArithmeticException("it has digits that the column's scale would drop");
            }
        }
        long high = ((long) limbs[1] << 32) | (limbs[2] & 0xFFFF_FFFFL);
        long low = ((long) limbs[3] << 32) | (limbs[4] & 0xFFFF_FFFFL);
        if (limbs[0] != 0 || high < 0) {
            throw tooLarge();
        }
        if (negative) {
            low = -low;
            high = ~high + (low == 0 ? 1 : 0);
        }
        into.appendUnscaled(high, low);
    }

    private static void add(int[] limbs, int digit) {
        long carry = digit;
        for (int i = limbs.length - 1; i >= 0 && carry != 0; i--) {
            long sum = (limbs[i] & 0xFFFF_FFFFL) + carry;
            limbs[i] = (int) sum;
            carry = sum >>> 32;
        }
    }

    // One limb in reserve: a step multiplies by at most 10,000, so what is beyond is seen before it wraps around.
    private static void refuseBeyond(int[] limbs) {
        if (limbs[0] < 0 || limbs[0] > 1 << 14) {
            throw tooLarge();
        }
    }

    private static ArithmeticException tooLarge() {
        return new ArithmeticException("it has more digits than any column");
    }

    private static int shortAt(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }
}
