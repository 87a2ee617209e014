package dev.candlewick.csv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers out of ASCII digits, eight at a time. A word holds eight bytes of text, the first in its lowest byte:
 * {@code "16540.25"} is {@code 0x35322e3034353631}. Callers leave eight bytes of room behind a cell.
 */
final class Digits {

    /** What {@link #decimal} answers where it cannot tell. */
    static final long NONE = -1;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ZEROS = 0x3030303030303030L;
    private static final int WORD = Long.BYTES;
    private static final int FRACTION_BITS = 5;
    private static final long MOST = 1L << (63 - FRACTION_BITS);
    private static final long[] POWERS_OF_TEN = powers();

    private Digits() {}

    static long word(byte[] text, int at) {
        return (long) WORDS.get(text, at);
    }

    static long powerOfTen(int exponent) {
        return POWERS_OF_TEN[exponent];
    }

    /** The number that {@code length} digits write; negative when there are none, more than 16, or other bytes among them. */
    static long whole(byte[] text, int from, int length) {
        if (length <= WORD) {
            return length <= 0 ? -1 : value(behindZeros(word(text, from), length));
        }
        if (length > 2 * WORD) {
            return -1;
        }
        long lead = value(behindZeros(word(text, from), length - WORD));
        long rest = value(word(text, from + length - WORD));
        return (lead | rest) < 0 ? -1 : lead * 100_000_000L + rest;
    }

    /**
     * The digits of a number without sign, and how many of them stand behind its point: {@link #unscaled} and
     * {@link #fraction} tell them apart. {@link #NONE} for what is longer than the usual, or written otherwise.
     */
    static long decimal(byte[] text, int from, int length) {
        long word = word(text, from);
        int point = untilPoint(word);
        if (length <= WORD) {
            if (point >= length) {
                return length <= 0 ? NONE : packed(value(behindZeros(word, length)), 0);
            }
            if (text[from + point] != '.' || length == 1) {
                return NONE;
            }
            long digits = without(word, (1L << (8 * point)) - 1);
            return packed(value(behindZeros(digits, length - 1)), length - 1 - point);
        }
        if (length > 2 * WORD + 1) {
            return NONE;
        }
        if (point == WORD) {
            point += untilPoint(word(text, from + WORD));
            if (point >= length) {
                return packed(whole(text, from, length), 0);
            }
        }
        int behind = length - point - 1;
        if (text[from + point] != '.' || point == 0 || point > 2 * WORD || behind <= 0) {
            return NONE;
        }
        long integer = whole(text, from, point);
        long fraction = whole(text, from + point + 1, behind);
        return (integer | fraction) < 0 || integer >= MOST / POWERS_OF_TEN[behind]
                ? NONE
                : packed(integer * POWERS_OF_TEN[behind] + fraction, behind);
    }

    static long unscaled(long decimal) {
        return decimal >>> FRACTION_BITS;
    }

    static int fraction(long decimal) {
        return (int) decimal & ((1 << FRACTION_BITS) - 1);
    }

    private static long packed(long unscaled, int fraction) {
        return unscaled < 0 || unscaled >= MOST ? NONE : unscaled << FRACTION_BITS | fraction;
    }

    /** How many bytes, 0 to 8, come before the first point, comma, sign or line end: those have bit 4 clear, digits set. */
    static int untilPoint(long word) {
        return Long.numberOfTrailingZeros(marks(word)) >>> 3;
    }

    /** A bit in each byte that is a point, comma, sign, line end or another with bit 4 clear; digits have it set. */
    static long marks(long word) {
        return ~word & 0x1010101010101010L;
    }

    /** The word without the byte behind the masked ones: the digits behind a point move one byte down, over it. */
    static long without(long word, long before) {
        return (word & before) | ((word >>> 8) & ~before);
    }

    /** The first {@code count} bytes, 1 to 8, moved behind zeros. */
    static long behindZeros(long word, int count) {
        return (word << (64 - 8 * count)) | (ZEROS >>> (4 * count) >>> (4 * count));
    }

    /** The number that eight digits write; negative when one of them is no digit. */
    static long value(long digits) {
        // Each high nibble must be 3, and still be 3 after adding 6 to each byte.
        long high = 0xF0F0F0F0F0F0F0F0L;
        if (((digits & high) | (((digits + 0x0606060606060606L) & high) >>> 4)) != 0x3333333333333333L) {
            return -1;
        }
        long ones = digits - ZEROS;
        // Pairs of digits in every other byte, then all four pairs with their weights 10^6, 10^4, 10^2 and 1 at once.
        long pairs = ones * 10 + (ones >>> 8);
        long upper = (pairs & 0x000000FF_000000FFL) * (100L + (1_000_000L << 32));
        long lower = ((pairs >>> 16) & 0x000000FF_000000FFL) * (1L + (10_000L << 32));
        return (upper + lower) >>> 32;
    }

    private static long[] powers() {
        long[] powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
