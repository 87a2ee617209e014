package dev.candlewick.http;

import java.io.InputStream;

/**
 * An answer whose body is read as it arrives. Close it; closing it early ends the connection, from any thread.
 *
 * <p>Reading throws {@link java.io.IOException} when the connection breaks, the answer is shorter than announced, or
 * the deadline passes, and {@link dev.candlewick.Corrupt} when the body is larger than the request allows or does not
 * decompress. Nothing is retried once the first byte was handed over. One reader at a time.
 */
public final class HttpStream implements AutoCloseable {

    private final int status;
    private final HttpHeaders headers;
    private final InputStream body;
    private final Runnable onClose;

    HttpStream(int status, HttpHeaders headers, InputStream body, Runnable onClose) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.onClose = onClose;
    }

    /** The status: 2xx, or one that the request accepts. */
    public int status() {
        return status;
    }

    /** The headers of the answer. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The body, decompressed. Closing it closes this stream. */
    public InputStream body() {
        return body;
    }

    @Override
    public void close() {
        onClose.run();
    }
}
