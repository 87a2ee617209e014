package dev.candlewick.sink.parquet;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Any text as a file name that is safe everywhere and can be read back.
 *
 * <p>Everything but ASCII letters of one case, digits, {@code -}, {@code _} and inner dots is written as the
 * {@code %XX} of its UTF-8 bytes, which DuckDB, Arrow, Polars and Spark decode in partition values. Letters of only one
 * case stand for themselves, so that names differing in case do not meet on a file system that ignores it. A name that
 * would be longer than file systems allow is cut and ends in {@code ~} and a hash; no other name contains {@code ~}.
 */
final class PathNames {

    /** File systems allow 255 bytes; what is put before and behind a name needs the rest. */
    private static final int LONGEST = 180;

    private static final int HASH_DIGITS = 32;

    private PathNames() {}

    /** A name whose capital letters stand for themselves: subjects. */
    static String upper(String text) {
        return encode(text, 'A');
    }

    /** A name whose small letters stand for themselves: datasets. */
    static String lower(String text) {
        return encode(text, 'a');
    }

    private static String encode(String text, char firstLetter) {
        StringBuilder name = new StringBuilder(text.length() + 16);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int cut = 0;
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean letter = c >= firstLetter && c < firstLetter + 26;
            boolean digit = c >= '0' && c <= '9';
            boolean innerDot = c == '.' && i > 0 && i < bytes.length - 1;
            if (letter || digit || innerDot || c == '-' || c == '_') {
                name.append(c);
            } else {
                name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(bytes[i]));
            }
            if (name.length() <= LONGEST - HASH_DIGITS - 1) {
                cut = name.length();
            }
        }
        if (name.length() <= LONGEST) {
            return name.toString();
        }
        String hash = HexFormat.of().formatHex(DurableFiles.sha256().digest(bytes));
        return name.substring(0, cut) + "~" + hash.substring(0, HASH_DIGITS);
    }
}
