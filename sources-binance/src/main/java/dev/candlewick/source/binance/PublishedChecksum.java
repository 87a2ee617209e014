package dev.candlewick.source.binance;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@code .CHECKSUM} file says: 64 hex digits, then, usually, the name of the file. */
record PublishedChecksum(String sha256) {

    private static final Pattern FORMAT = Pattern.compile("\\s*([0-9a-fA-F]{64})(?:\\s+\\*?(\\S+))?\\s*");

    /** Empty when the text is no checksum or is one of another file. */
    static Optional<PublishedChecksum> parse(String text, String fileName) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String named = matcher.group(2);
        return named == null || named.equals(fileName)
                ? Optional.of(new PublishedChecksum(matcher.group(1).toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }
}
