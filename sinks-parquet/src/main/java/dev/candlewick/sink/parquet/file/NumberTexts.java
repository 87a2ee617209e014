package dev.candlewick.sink.parquet.file;

import dev.candlewick.TextColumn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts that are whole numbers without sign or leading zeros, as those numbers. Ids of trades ascend: what one does not share
 * with the one before is its last digit or two, which is all that DELTA_BYTE_ARRAY writes.
 */
final class NumberTexts {

    static final int MOST_DIGITS = 18;

    private static final long[] POWERS_OF_TEN = new long[MOST_DIGITS + 1];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
        }
    }

    private final DeltaEncoder delta = new DeltaEncoder();
    private long[] values = new long[1_024];
    private int size;

    /** The number that the text writes, or -1 where it is none of these. */
    static long number(String text) {
        int length = text.length();
        if (length == 0 || length > MOST_DIGITS || (length > 1 && text.charAt(0) == '0')) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** As {@link #number(String)}, of bytes. */
    static long number(byte[] text, int from, int length) {
        if (length == 0 || length > MOST_DIGITS || (length > 1 && text[from] == '0')) {
            return -1;
        }
        long value = 0;
        int at = from;
        for (; from + length - at >= Long.BYTES; at += Long.BYTES) {
            long eight = eight((long) ByteBuilder.LONG_LITTLE.get(text, at));
            if (eight < 0) {
                return -1;
            }
            value = value * 100_000_000L + eight;
        }
        for (int i = at; i < from + length; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** The number that eight digits write, the first in the lowest byte; negative when one of them is no digit. */
    private static long eight(long digits) {
        // Each high nibble must be 3, and still be 3 after adding 6 to each byte.
        long high = 0xF0F0F0F0F0F0F0F0L;
        if (((digits & high) | (((digits + 0x0606060606060606L) & high) >>> 4)) != 0x3333333333333333L) {
            return -1;
        }
        // Pairs of digits in every other byte, then all four pairs with their weights at once.
        long ones = digits - 0x3030303030303030L;
        long pairs = ones * 10 + (ones >>> 8);
        long upper = (pairs & 0x000000FF_000000FFL) * (100L + (1_000_000L << 32));
        long lower = ((pairs >>> 16) & 0x000000FF_000000FFL) * (1L + (10_000L << 32));
        return (upper + lower) >>> 32;
    }

    int size() {
        return size;
    }

    long get(int i) {
        return values[i];
    }

    void clear() {
        size = 0;
    }

    void append(long number) {
        ensure(1);
        values[size++] = number;
    }

    /** Appends the rows of a column that is numeric; gives how many digits those are together. */
    long append(TextColumn texts, int from, int to) {
        ensure(to - from);
        texts.copyNumbers(from, to, values, size);
        long all = 0;
        int digits = 1;
        for (int i = size; i < size + to - from; i++) {
            digits = digits(values[i], digits);
            all += digits;
        }
        size += to - from;
        return all;
    }

    private void ensure(int more) {
        if (size + more > values.length) {
            values = Arrays.copyOf(values, Math.max(size + more, values.length * 2));
        }
    }

    /** How many digits the number has; likely as many as the last. */
    private static int digits(long number, int likely) {
        int digits = likely;
        while (digits < MOST_DIGITS && number >= POWERS_OF_TEN[digits]) {
            digits++;
        }
        while (digits > 1 && number < POWERS_OF_TEN[digits - 1]) {
            digits--;
        }
        return digits;
    }

    void plain(int from, int to, ByteBuilder out) {
        int digits = 1;
        for (int i = from; i < to; i++) {
            digits = digits(values[i], digits);
            out.int32(digits);
            write(values[i], digits, out);
        }
    }

    /** The last digits of the number. */
    private static void write(long number, int digits, ByteBuilder out) {
        byte[] target = out.room(digits);
        int end = out.size() + digits;
        long rest = number;
        for (int at = end - 1; at >= end - digits; at--) {
            long quotient = rest / 10;
            target[at] = (byte) ('0' + (rest - quotient * 10));
            rest = quotient;
        }
        out.advance(digits);
    }

    /** How many digits each shares with the one before it, how many it has besides, and those. */
    void differing(int from, int to, ByteBuilder out) {
        long[] shared = new long[to - from];
        long[] own = new long[to - from];
        long before = 0;
        long decade = -10;
        int digitsBefore = 0;
        for (int i = from; i < to; i++) {
            long number = values[i];
            // The next id of ten differs in its last digit alone.
            boolean next = number > before && number < decade + 10;
            int digits = next ? digitsBefore : digits(number, Math.max(1, digitsBefore));
            int differing = next ? 1 : differing(number, digits, before, digitsBefore);
            shared[i - from] = (long) digits - differing;
            own[i - from] = differing;
            decade = next ? decade : number - number % 10;
            before = number;
            digitsBefore = digits;
        }
        delta.encode(shared, 0, shared.length, out);
        delta.encode(own, 0, own.length, out);
        for (int i = from; i < to; i++) {
            write(values[i], (int) own[i - from], out);
        }
    }

    private static int differing(long number, int digits, long before, int digitsBefore) {
        if (digits != digitsBefore) {
            return digits;
        }
        int differing = 0;
        for (long left = number, right = before; left != right; left /= 10, right /= 10) {
            differing++;
        }
        return differing;
    }

    @Nullable
    Codes dictionary(int count) {
        LongDictionary dictionary = LongDictionary.ofDifferences(values, count);
        if (dictionary == null) {
            return null;
        }
        NumberTexts distinct = new NumberTexts();
        distinct.values = dictionary.values();
        distinct.size = dictionary.values().length;
        ByteBuilder entries = new ByteBuilder(distinct.size * 16);
        distinct.plain(0, distinct.size, entries);
        return new Codes(dictionary.codes(), distinct.size, entries);
    }

    /** Bounds in the order of texts, which is that of the numbers where all have as many digits. */
    Bounds bounds(int from, int to) {
        long least = values[from];
        long greatest = least;
        for (int i = from + 1; i < to; i++) {
            least = Math.min(least, values[i]);
            greatest = Math.max(greatest, values[i]);
        }
        if (digits(least, 1) != digits(greatest, 1)) {
            least = values[from];
            greatest = least;
            for (int i = from + 1; i < to; i++) {
                least = compareTexts(values[i], least) < 0 ? values[i] : least;
                greatest = compareTexts(values[i], greatest) > 0 ? values[i] : greatest;
            }
        }
        return new Bounds(text(least), text(greatest));
    }

    private static int compareTexts(long left, long right) {
        int leftDigits = digits(left, 1);
        int rightDigits = digits(right, 1);
        int byDigits = Long.compare(
                left * POWERS_OF_TEN[MOST_DIGITS - leftDigits], right * POWERS_OF_TEN[MOST_DIGITS - rightDigits]);
        return byDigits != 0 ? byDigits : Integer.compare(leftDigits, rightDigits);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
