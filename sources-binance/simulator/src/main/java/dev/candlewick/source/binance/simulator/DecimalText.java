package dev.candlewick.source.binance.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow while rows are printed into them; numbers are written without intermediate strings. Not thread-safe. */
final class DecimalText {
    private static final int LONGEST_LONG = 20;

    private byte[] bytes;
    private int length;

    DecimalText(int capacity) {
        bytes = new byte[capacity];
    }

    DecimalText ascii(char symbol) {
        reserve(1);
        bytes[length++] = (byte) symbol;
        return this;
    }

    DecimalText text(String text) {
        byte[] more = text.getBytes(StandardCharsets.UTF_8);
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    DecimalText number(long value) {
        return decimal(value, 0, 0);
    }

    /** Prints {@code unscaled × 10^-scale} with {@code printedScale} decimals, which must not be fewer. */
    DecimalText decimal(long unscaled, int scale, int printedScale) {
        reserve(LONGEST_LONG + printedScale + 2);
        long rest = unscaled;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        int digits = Math.max(digits(rest), scale + 1);
        int end = length + digits + (scale > 0 ? 1 : 0);
        int at = end;
        for (int digit = 0; digit < digits; digit++) {
            if (digit == scale && scale > 0) {
                bytes[--at] = '.';
            }
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
        if (printedScale > scale) {
            if (scale == 0) {
                bytes[length++] = '.';
            }
            for (int i = scale; i < printedScale; i++) {
                bytes[length++] = '0';
            }
        }
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
