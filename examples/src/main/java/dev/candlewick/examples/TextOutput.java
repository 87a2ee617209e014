package dev.candlewick.examples;

import dev.candlewick.DecimalColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;

/**
 * Buffered UTF-8 text to a stream, with short ways for the values of columns. Formats numbers and times itself: a year of
 * 1-minute candles is six million values, and {@link Instant#toString} and {@link java.math.BigDecimal} would take most of
 * the time of printing them. For one thread; the stream stays open.
 */
final class TextOutput {

    private static final int BUFFER_BYTES = 1 << 16;
    /** No single piece that is put without looking at the room left is longer: 39 digits, sign, point, zeros. */
    private static final int LONGEST_PIECE = 128;

    private static final long DAY_MICROS = 86_400_000_000L;
    private static final LocalDate FIRST_FOUR_DIGIT_YEAR = LocalDate.of(0, 1, 1);
    private static final LocalDate LAST_FOUR_DIGIT_YEAR = LocalDate.of(9999, 12, 31);

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;
    private long dateDay = Long.MIN_VALUE;
    private byte[] date = {};

    TextOutput(OutputStream out) {
        this.out = out;
    }

    TextOutput append(char ascii) {
        room(1);
        buffer[used++] = (byte) ascii;
        return this;
    }

    TextOutput append(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > buffer.length - used) {
            drain();
        }
        if (bytes.length > buffer.length) {
            write(bytes, bytes.length);
        } else {
            System.arraycopy(bytes, 0, buffer, used, bytes.length);
            used += bytes.length;
        }
        return this;
    }

    TextOutput number(long value) {
        room(LONGEST_PIECE);
        digits(value, 1);
        return this;
    }

    /** The exact value, plain, without trailing zeros behind the point: {@code 42283.58}, {@code 0.001}, {@code -5}. */
    TextOutput decimal(DecimalColumn column, int row) {
        long low = column.low(row);
        if (column.high(row) != low >> 63 || low == Long.MIN_VALUE) {
            return append(plain(column.get(row)));
        }
        int scale = column.scale();
        while (scale > 0 && low % 10 == 0) {
            low /= 10;
            scale--;
        }
        room(LONGEST_PIECE);
        if (scale == 0) {
            digits(low, 1);
            return this;
        }
        int end = digits(low, scale + 1);
        System.arraycopy(buffer, end - scale, buffer, end - scale + 1, scale);
        buffer[end - scale] = '.';
        used = end + 1;
        return this;
    }

    /** ISO-8601 in UTC, with a fraction only when it is not zero: {@code 2024-01-01T00:00:00Z}. */
    TextOutput time(long epochMicros) {
        long day = Math.floorDiv(epochMicros, DAY_MICROS);
        long inDay = Math.floorMod(epochMicros, DAY_MICROS);
        LocalDate local = day == dateDay ? FIRST_FOUR_DIGIT_YEAR : LocalDate.ofEpochDay(day);
        if (local.isBefore(FIRST_FOUR_DIGIT_YEAR) || local.isAfter(LAST_FOUR_DIGIT_YEAR)) {
            return append(Instant.ofEpochSecond(
                            Math.floorDiv(epochMicros, 1_000_000L), Math.floorMod(epochMicros, 1_000_000L) * 1_000)
                    .toString());
        }
        if (day != dateDay) {
            date = local.toString().getBytes(StandardCharsets.US_ASCII);
            dateDay = day;
        }
        room(LONGEST_PIECE);
        System.arraycopy(date, 0, buffer, used, date.length);
        used += date.length;
        buffer[used++] = 'T';
        int second = (int) (inDay / 1_000_000);
        two(second / 3_600);
        buffer[used++] = ':';
        two(second / 60 % 60);
        buffer[used++] = ':';
        two(second % 60);
        fraction((int) (inDay % 1_000_000));
        buffer[used++] = 'Z';
        return this;
    }

    /** Hands everything on; the reader may look now. */
    void flush() {
        drain();
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    static String plain(java.math.BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private void fraction(int micros) {
        if (micros == 0) {
            return;
        }
        buffer[used++] = '.';
        if (micros % 1_000 == 0) {
            three(micros / 1_000);
        } else {
            three(micros / 1_000);
            three(micros % 1_000);
        }
    }

    private void two(int value) {
        buffer[used++] = (byte) ('0' + value / 10);
        buffer[used++] = (byte) ('0' + value % 10);
    }

    private void three(int value) {
        buffer[used++] = (byte) ('0' + value / 100);
        two(value % 100);
    }

    /** Puts the digits of a number, zeros in front up to {@code atLeast} digits; gives the position after the last. */
    private int digits(long value, int atLeast) {
        if (value < 0) {
            buffer[used++] = '-';
        }
        // Counting down from the negative side reaches Long.MIN_VALUE too.
        long left = value < 0 ? value : -value;
        int count = 1;
        for (long rest = left / 10; rest != 0; rest /= 10) {
            count++;
        }
        int length = Math.max(count, atLeast);
        for (int i = used + length - 1; i >= used; i--) {
            buffer[i] = (byte) ('0' - left % 10);
            left /= 10;
        }
        used += length;
        return used;
    }

    private void room(int bytes) {
        if (bytes > buffer.length - used) {
            drain();
        }
    }

    private void drain() {
        write(buffer, used);
        used = 0;
    }

    private void write(byte[] bytes, int length) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static RuntimeException failed(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("pipe") ? new OutputClosed(e) : new UncheckedIOException(e);
    }
}
