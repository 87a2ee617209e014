package dev.candlewick.source.binance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines of a file in memory whose last byte is a line end. */
final class KlineLines {

    private static final int SHOWN_BYTES = 1_024;
    private static final int SAMPLED_BYTES = 1 << 14;

    private final byte[] bytes;

    KlineLines(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The file itself when it ends in a line end, else a copy that does. */
    static byte[] ended(byte[] file) {
        if (file.length > 0 && file[file.length - 1] == '\n') {
            return file;
        }
        byte[] ended = Arrays.copyOf(file, file.length + 1);
        ended[file.length] = '\n';
        return ended;
    }

    /**
     * About how many lines there are, from how dense they are at the start and at the end; rather some more, so that
     * columns of that size need not grow.
     */
    int estimate() {
        int sample = Math.min(SAMPLED_BYTES, bytes.length);
        int densest = Math.max(ends(0, sample), ends(bytes.length - sample, bytes.length));
        return (int) (densest * 1.02 * bytes.length / sample) + 16;
    }

    private int ends(int from, int to) {
        int ends = 0;
        for (int at = from; at < to; at++) {
            ends += bytes[at] == '\n' ? 1 : 0;
        }
        return ends;
    }

    /** Where the first line starts, behind a byte order mark. */
    int contentStart() {
        boolean mark =
                bytes.length > 3 && (bytes[0] & 0xff) == 0xef && (bytes[1] & 0xff) == 0xbb && (bytes[2] & 0xff) == 0xbf;
        return mark ? 3 : 0;
    }

    int next(int start) {
        int at = start;
        while (bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    boolean isBlank(int start) {
        return bytes[start] == '\n' || (bytes[start] == '\r' && bytes[start + 1] == '\n');
    }

    /** The line without its end, cut where no real line goes on. */
    String text(int start) {
        int end = next(start) - 1;
        if (end > start && bytes[end - 1] == '\r') {
            end--;
        }
        return string(start, end);
    }

    String field(int start) {
        return string(start, fieldEnd(start));
    }

    int fieldEnd(int start) {
        int at = start;
        while (bytes[at] != ',' && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    /** The number of the line that starts there, counted from 1; looked for only when somebody must be told. */
    long number(int start) {
        long number = 1;
        for (int at = 0; at < start; at++) {
            number += bytes[at] == '\n' ? 1 : 0;
        }
        return number;
    }

    private String string(int start, int end) {
        return new String(bytes, start, Math.min(end - start, SHOWN_BYTES), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", "?");
    }
}
