package dev.candlewick.http;

/**
 * Status 403: a firewall or an access rule of the server. It can be a symptom of asking too much, so the whole pool
 * rests for some minutes after it.
 */
public final class Forbidden extends HttpRefused {

    private static final long serialVersionUID = 1L;

    Forbidden(String message, String host, String contentType, String bodyStart) {
        super(message, 403, host, contentType, bodyStart);
    }
}
