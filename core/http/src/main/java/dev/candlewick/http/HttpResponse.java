package dev.candlewick.http;

import java.nio.charset.StandardCharsets;

/**
 * A complete answer, decompressed and held in memory. The array is yours to keep and is not copied.
 *
 * @param status the status: 2xx, or one that the request {@linkplain HttpRequest#accepts(int) accepts}
 * @param headers the headers of the answer
 * @param body the bytes after decompression, empty when there were none
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are handed over, never compared
public record HttpResponse(int status, HttpHeaders headers, byte[] body) {

    /** The body read as UTF-8; malformed bytes become U+FFFD. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Status and size; the body may be private and is left out. */
    @Override
    public String toString() {
        return "HTTP " + status + ", " + body.length + " bytes";
    }
}
