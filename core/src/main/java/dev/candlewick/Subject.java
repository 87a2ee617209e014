package dev.candlewick;

import java.util.Objects;

/**
 * Who the data is about: an instrument, an asset, a feed, a topic, written {@code VENUE:KIND:CODE}.
 *
 * <pre>{@code
 * Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT")
 * Subject.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN")
 * Subject.parse("GLASSNODE:ASSET:BTC")
 * }</pre>
 *
 * <p>{@code parse(toString())} is the identity. Text is kept as given: any Unicode letter may occur in the code (venues
 * list such symbols); only {@code /}, control characters, those that break lines or turn the direction of text, halves of surrogate
 * pairs and blanks at the ends are refused, and {@code :} in venue and kind.
 *
 * @param venue the venue or provider, for example {@code BINANCE}
 * @param kind what sort of thing, for example {@code SPOT_PAIR}
 * @param code its code there in the canonical grammar, for example {@code BTC-USDT}
 */
public record Subject(String venue, String kind, String code) implements Comparable<Subject> {

    /** Checks the three parts. */
    public Subject {
        requirePart("venue", venue, ":/");
        requirePart("kind", kind, ":/");
        requirePart("code", code, "/");
    }

    /** Reads {@code VENUE:KIND:CODE}; the code may itself contain colons. */
    public static Subject parse(String text) {
        Objects.requireNonNull(text, "text");
        String[] parts = text.split(":", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a subject; expected VENUE:KIND:CODE, for example BINANCE:SPOT_PAIR:BTC-USDT");
        }
        return new Subject(parts[0], parts[1], parts[2]);
    }

    /** Orders by the canonical text, in code units, the same in every locale. */
    @Override
    public int compareTo(Subject other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return venue + ":" + kind + ":" + code;
    }

    private static void requirePart(String part, String text, String forbidden) {
        if (text.isBlank() || !text.equals(text.strip())) {
            throw new IllegalArgumentException(
                    "The " + part + " of a subject is blank or has blanks at its ends: '" + text + "'");
        }
        if (!Words.isUnicode(text)) {
            throw new IllegalArgumentException("The " + part
                    + " of a subject holds half a surrogate pair, which no store can keep: '" + text + "'");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isUnseen(c) || forbidden.indexOf(c) >= 0) {
                throw new IllegalArgumentException("The " + part + " of a subject cannot contain '"
                        + (isUnseen(c) ? String.format("\\u%04x", (int) c) : c) + "': '" + text + "'");
            }
        }
    }

    // Line and paragraph separators and bidirectional controls make a name look like another one.
    private static boolean isUnseen(char c) {
        return Character.isISOControl(c)
                || c == '\u2028'
                || c == '\u2029'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
