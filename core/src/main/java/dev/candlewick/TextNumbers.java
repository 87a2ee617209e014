package dev.candlewick;

/** Texts that are whole numbers: {@code 0} to 18 digits, without sign or leading zeros, so that number and text are one. */
final class TextNumbers {

    static final long GREATEST = 999_999_999_999_999_999L;
    static final int MOST_DIGITS = 18;

    private TextNumbers() {}

    /** The number that the text writes, or -1 where it is not of this form. */
    static long of(String text) {
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

    /** As {@link #of(String)}, of the bytes {@code [from, to)}. */
    static long of(byte[] text, int from, int to) {
        int length = to - from;
        if (length <= 0 || length > MOST_DIGITS || (length > 1 && text[from] == '0')) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Writes the number into {@code target} from {@code at} on; gives how many digits it has. */
    static int digits(long number, byte[] target, int at) {
        int digits = 1;
        for (long rest = number / 10; rest != 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            long quotient = rest / 10;
            target[i] = (byte) ('0' + (rest - quotient * 10));
            rest = quotient;
        }
        return digits;
    }
}
