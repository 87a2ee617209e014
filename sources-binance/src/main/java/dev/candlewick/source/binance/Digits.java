package dev.candlewick.source.binance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * ASCII digits eight at a time. A word holds eight bytes of text, the first in its lowest byte: {@code "16540.25"} is
 * {@code 0x35322e3034353631}.
 *
 * <p>A year of 1-minute klines parses in less than half the time that a loop over single bytes takes.
 */
final class Digits {

    static final int WORD = Long.BYTES;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ZEROS = 0x3030303030303030L;

    private Digits() {}

    /** The eight bytes from {@code at} on, all of which must lie within the text. */
    static long word(byte[] text, int at) {
        return (long) WORDS.get(text, at);
    }

    /**
     * How many bytes, 0 to 8, come before the first point, comma, sign, blank or line end. Bit 4 tells: it is set in
     * {@code 0x30} to {@code 0x39} and clear in those. Other bytes may pass; {@link #value} refuses them.
     */
    static int before(long word) {
        return Long.numberOfTrailingZeros(~word & 0x1010101010101010L) >>> 3;
    }

    /** The first {@code count} bytes, 1 to 8, moved behind zeros: the whole part of a number. */
    static long whole(long word, int count) {
        return (word << (64 - 8 * count)) | (ZEROS >>> (4 * count) >>> (4 * count));
    }

    /** The first {@code count} bytes, 0 to 8, followed by zeros: a fraction in units of 10<sup>-8</sup>. */
    static long fraction(long word, int count) {
        long behind = -1L << (4 * count) << (4 * count);
        return (word & ~behind) | (ZEROS & behind);
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
}
