package dev.candlewick.http;

import java.time.Duration;
import java.time.Instant;

/**
 * Hears what the transport does, for metrics and progress. All methods do nothing by default.
 *
 * <p>Called on the thread that makes the request: be quick, be thread-safe. An exception thrown here is dropped.
 * Requests print without their secrets.
 */
public interface HttpListener {

    /** Hears nothing. */
    HttpListener NONE = new HttpListener() {};

    /** An attempt leaves for the server; the first attempt is number 1. */
    default void started(HttpRequest request, int attempt) {}

    /** An attempt was answered and its body, if it was to be read, is complete; {@code bytes} counts it decompressed. */
    default void finished(HttpRequest request, int attempt, int status, long bytes, Duration took) {}

    /** An attempt broke before its answer was complete. */
    default void failed(HttpRequest request, int attempt, Exception error) {}

    /** The request will be tried again after {@code delay}. */
    default void retrying(HttpRequest request, int nextAttempt, Duration delay, String reason) {}

    /** The request was held back by its pool for this long before it could leave. */
    default void waited(HttpRequest request, String pool, Duration duration) {}

    /** The server counted this much of the pool's limit in the current window. */
    default void usedWeight(String pool, long used, long limit) {}

    /** Nobody asks this pool before {@code until}: a ban, a throttle or a firewall, as {@code reason} says. */
    default void stopped(String pool, Instant until, String reason) {}
}
