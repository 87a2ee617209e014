package dev.candlewick.http;

/** Status 451: the server does not serve the place this machine calls from. Another host may. */
public final class GeoBlocked extends HttpRefused {

    private static final long serialVersionUID = 1L;

    GeoBlocked(String message, String host, String contentType, String bodyStart) {
        super(message, 451, host, contentType, bodyStart);
    }
}
