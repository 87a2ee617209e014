package dev.candlewick.source.tardis.simulator;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * One way in which a request for a file can go wrong, as Tardis or the network between are known to.
 *
 * @param status instead of the right answer; 0: the right one, delivered badly
 * @param body of such an answer
 * @param headers of such an answer, or more of the right one
 * @param delivery how the right answer is delivered
 * @param amount bytes after which it is cut, or bytes at a time
 * @param pause between them
 */
public record Fault(
        int status, String body, Map<String, String> headers, Delivery delivery, long amount, Duration pause) {

    /** What becomes of the right answer. */
    public enum Delivery {
        /** It arrives. */
        WHOLE,
        /** The connection breaks after some bytes. */
        CUT,
        /** A few bytes at a time, with pauses. */
        DRIP,
        /** Not packed. */
        PLAIN,
        /** No bytes. */
        EMPTY,
        /** Only the first line. */
        HEADER_ONLY,
        /** Nobody said how long it is, and ranges are not honoured. */
        UNMEASURED,
        /** From another address, whose connection ends before the first byte without a word on how long the file is. */
        UNANNOUNCED,
        /** Only some bytes from where it should start, as a part (206) that says what part it is. */
        PARTIAL
    }

    /** Copies the headers. */
    public Fault {
        headers = Map.copyOf(headers);
    }

    /** No key, or a wrong one. */
    public static Fault unauthorized() {
        return answer(401, 13, "The API key is missing or invalid.");
    }

    /** The key is in use from another address, and will be for so long. */
    public static Fault keyLocked(Duration remaining) {
        return refusing(
                403,
                "{\"code\":274,\"message\":\"This Data API key is already active from another IP address. Use one API key"
                        + " from one IP address at a time.\",\"retryAfterSeconds\":" + remaining.toSeconds() + "}");
    }

    /** The key's plan does not cover it. */
    public static Fault notCovered() {
        return answer(403, 116, "Your plan does not include access to this exchange.");
    }

    /** There is no such file. */
    public static Fault notFound() {
        return answer(404, 120, "There is no such file.");
    }

    /** The type of data is not offered of the symbol. */
    public static Fault notSupported(String type, String symbol) {
        return answer(400, 300, "Data type '" + type + "' is not supported for '" + symbol + "'");
    }

    /** The 400 that is the server's own trouble. */
    public static Fault isoDate() {
        return answer(400, 100, "Invalid date, use ISO 8601 format.");
    }

    /** Too many requests, without a time. */
    public static Fault throttled() {
        return refusing(429, "");
    }

    /** Too many requests, with a time. */
    public static Fault throttled(Duration retryAfter) {
        return throttled().with("Retry-After", Long.toString(retryAfter.toSeconds()));
    }

    /** The server is in trouble. */
    public static Fault serverError(int status) {
        return refusing(status, "<html><body>" + status + "</body></html>");
    }

    /** The file is elsewhere. */
    public static Fault redirect(String location) {
        return refusing(302, "").with("Location", location);
    }

    /** The right answer, cut after so many bytes of its body. */
    public static Fault cutAfter(long bytes) {
        return delivered(Delivery.CUT, bytes, Duration.ZERO);
    }

    /** The right answer, so many bytes at a time. */
    public static Fault drip(int bytes, Duration pause) {
        return delivered(Delivery.DRIP, bytes, pause);
    }

    /** The right rows, not packed. */
    public static Fault plain() {
        return delivered(Delivery.PLAIN, 0, Duration.ZERO);
    }

    /** A file of no bytes. */
    public static Fault empty() {
        return delivered(Delivery.EMPTY, 0, Duration.ZERO);
    }

    /** A file of a header and no rows. */
    public static Fault headerOnly() {
        return delivered(Delivery.HEADER_ONLY, 0, Duration.ZERO);
    }

    /** The right file, of which nobody says how long it is. */
    public static Fault unmeasured() {
        return delivered(Delivery.UNMEASURED, Long.MAX_VALUE, Duration.ZERO);
    }

    /** As {@link #unmeasured}, and the connection ends early: nothing shows it but the file itself. */
    public static Fault unmeasuredCutAfter(long bytes) {
        return delivered(Delivery.UNMEASURED, bytes, Duration.ZERO);
    }

    /** No bytes, after an honest beginning that does not say how many there should be: nothing shows that some are missing. */
    public static Fault endsAtOnce() {
        return delivered(Delivery.UNANNOUNCED, 0, Duration.ZERO);
    }

    /** So many bytes as a part of the file, with status 206 and the true {@code Content-Range}, whatever was asked for. */
    public static Fault partial(long bytes) {
        return delivered(Delivery.PARTIAL, bytes, Duration.ZERO);
    }

    /** What a signed address says once its time is over. */
    public static Fault expired() {
        return refusing(403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>");
    }

    /** The right file, marked as packed for the way. */
    public static Fault markedGzip() {
        return delivered(Delivery.WHOLE, 0, Duration.ZERO).with("Content-Encoding", "gzip");
    }

    /** The same with one more header. */
    public Fault with(String name, String value) {
        Map<String, String> more = new java.util.HashMap<>(headers);
        more.put(name, value);
        return new Fault(status, body, more, delivery, amount, pause);
    }

    private static Fault answer(int status, int code, String message) {
        return refusing(status, String.format(Locale.ROOT, "{\"code\":%d,\"message\":\"%s\"}", code, message));
    }

    private static Fault refusing(int status, String body) {
        return new Fault(status, body, Map.of(), Delivery.WHOLE, 0, Duration.ZERO);
    }

    private static Fault delivered(Delivery delivery, long amount, Duration pause) {
        return new Fault(0, "", Map.of(), delivery, amount, pause);
    }
}
