package dev.candlewick.http;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.util.random.RandomGenerator;

/**
 * How often a request is tried and how long it pauses in between, decided by resilience4j: so many attempts, any time
 * between nothing and a doubling bound ("full jitter", so that many who failed together do not return together).
 * Thread-safe.
 */
final class Backoff {

    private static final long FIRST_BOUND_MILLIS = 500;
    private static final long LARGEST_BOUND_MILLIS = 30_000;

    private final Retry retry;
    private final RandomGenerator random;

    Backoff(RandomGenerator random, int attempts) {
        this.random = random;
        RetryConfig config = RetryConfig.custom()
                .maxAttempts(attempts)
                .retryOnException(AttemptFailed.class::isInstance)
                .intervalFunction(this::pauseMillis)
                .build();
        this.retry = Retry.of("candlewick-http", config);
    }

    /** Counts the attempts of one request; {@code onError} gives the pause in milliseconds, or -1 for no more. */
    Retry.AsyncContext<Object> request() {
        return retry.asyncContext();
    }

    private long pauseMillis(int attempt) {
        long bound = Math.min(LARGEST_BOUND_MILLIS, FIRST_BOUND_MILLIS << (Math.min(attempt, 20) - 1));
        return random.nextLong(bound + 1);
    }
}
