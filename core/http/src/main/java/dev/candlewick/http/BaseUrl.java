package dev.candlewick.http;

import java.net.URI;
import java.util.List;

/** Addresses that a user may put in the place of a venue's. */
public final class BaseUrl {

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

    private BaseUrl() {}

    /**
     * The address without slashes at its end.
     *
     * @param example what one looks like, for the message
     * @throws IllegalArgumentException when it is none, or carries a user, a query or a fragment; none of these is repeated
     */
    public static String of(String text, String example) {
        String trimmed = text.strip().replaceAll("/+$", "");
        // What stands before an @ may be a password.
        if (trimmed.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "A base URL cannot carry a user or password; leave out what stands before the '@'");
        }
        try {
            URI uri = URI.create(trimmed);
            if (uri.getHost() != null
                    && List.of("http", "https").contains(uri.getScheme())
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return trimmed;
            }
        } catch (IllegalArgumentException unreadable) {
            throw refused(trimmed, example); // without the cause, which quotes all of it
        }
        throw refused(trimmed, example);
    }

    /** Whether a server at that address is on this machine, and so a simulation. */
    static boolean isLocal(String url) {
        return LOOPBACK.contains(URI.create(url).getHost());
    }

    // What stands behind a ? or # may be a key.
    private static IllegalArgumentException refused(String text, String example) {
        String shown = text.replaceFirst("(?s)[?#].*", "");
        return new IllegalArgumentException("'" + shown + (shown.length() < text.length() ? "…" : "")
                + "' is no base URL; expected something like " + example);
    }
}
