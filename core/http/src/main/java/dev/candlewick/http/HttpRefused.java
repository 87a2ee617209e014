package dev.candlewick.http;

import dev.candlewick.Refused;

/**
 * The server answered, and the answer is final: repeating the request changes nothing.
 *
 * <p>The start of the body is kept because venues say there what is wrong, for example
 * {@code {"code":-1121,"msg":"Invalid symbol."}}. It may as well be HTML or empty.
 */
public class HttpRefused extends Refused {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String host;
    private final String contentType;
    private final String bodyStart;

    HttpRefused(String message, int status, String host, String contentType, String bodyStart) {
        super(message);
        this.status = status;
        this.host = host;
        this.contentType = contentType;
        this.bodyStart = bodyStart;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The host that answered. */
    public String host() {
        return host;
    }

    /** The media type of the body without parameters, empty when the server named none. */
    public String contentType() {
        return contentType;
    }

    /** The first 1,024 bytes of the body as UTF-8, secrets of the request as {@code ***}; may be empty. */
    public String bodyStart() {
        return bodyStart;
    }
}
