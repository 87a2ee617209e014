package dev.candlewick.source.binance.simulator;

import java.util.Optional;

/** What a listing request asks for; the bucket never answers more than a thousand entries at once. */
record ListingQuery(String prefix, String delimiter, String marker, int maxKeys) {
    private static final int MOST_KEYS = 1000;

    static ListingQuery of(IncomingRequest request) {
        int maxKeys = request.parameter("max-keys")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::parseInt)
                .orElse(MOST_KEYS);
        return new ListingQuery(
                request.parameter("prefix").orElse(""),
                request.parameter("delimiter").orElse(""),
                request.parameter("marker").orElse(""),
                Math.min(maxKeys, MOST_KEYS));
    }

    /** Whether anything under a folder can be on the page. */
    boolean reaches(String folder) {
        return (folder.startsWith(prefix) || prefix.startsWith(folder))
                && (folder.compareTo(marker) > 0 || marker.startsWith(folder));
    }

    /** The part of a key up to the first delimiter after the prefix, under which the key is rolled up, if it is. */
    Optional<String> commonPrefix(String key) {
        int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        return at < 0 ? Optional.empty() : Optional.of(key.substring(0, at + delimiter.length()));
    }
}
