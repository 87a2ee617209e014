package dev.candlewick.sink.s3;

import dev.candlewick.Cancelled;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** Sends a request again while that may help, within bounds, with growing pauses of random length. Thread-safe. */
final class Attempts {

    private static final Set<String> PASSING = Set.of(
            "SlowDown",
            "ServiceUnavailable",
            "InternalError",
            "RequestTimeout",
            "Throttling",
            "ThrottlingException",
            "RequestLimitExceeded",
            "ConditionalRequestConflict",
            "OperationAborted",
            "BadDigest",
            "XAmzContentChecksumMismatch");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final int most;
    private final Sleeper sleeper;
    private final RandomGenerator random;

    /** Waits; a test may not. */
    interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }

    /** The last failure of a request that was tried often enough. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SdkException last;
        private final boolean maybeDone;

        Failed(SdkException last, boolean maybeDone) {
            super(last);
            this.last = last;
            this.maybeDone = maybeDone;
        }

        SdkException last() {
            return last;
        }

        /** Whether one of the attempts may have had its effect without our hearing of it. */
        boolean isMaybeDone() {
            return maybeDone;
        }
    }

    Attempts(int most, Sleeper sleeper, RandomGenerator random) {
        this.most = most;
        this.sleeper = sleeper;
        this.random = random;
    }

    /**
     * What the request answers.
     *
     * @throws Failed after the last attempt, or the first that cannot go better
     * @throws Cancelled when the thread is interrupted
     */
    <T> T of(String doing, Supplier<T> request) {
        boolean maybeDone = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return request.get();
            } catch (AbortedException interrupted) {
                Thread.currentThread().interrupt();
                throw cancelled(doing, interrupted);
            } catch (SdkException failed) {
                if (Thread.currentThread().isInterrupted()) {
                    throw cancelled(doing, failed);
                }
                maybeDone |= isMaybeDone(failed);
                if (attempt >= most || !isPassing(failed)) {
                    throw new Failed(failed, maybeDone);
                }
                pause(doing, attempt, failed);
            }
        }
    }

    private void pause(String doing, int attempt, SdkException failed) {
        long bound = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 10));
        long asked =
                Math.min(LONGEST_PAUSE.toMillis(), Failures.retryAfter(failed).toMillis());
        try {
            sleeper.sleep(Duration.ofMillis(Math.max(asked, random.nextLong(bound + 1))));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cancelled(doing, interrupted);
        }
    }

    private static Cancelled cancelled(String doing, Exception cause) {
        return new Cancelled(
                doing + " was interrupted; if it was a write, whether it happened is not known: run it again", cause);
    }

    private static boolean isPassing(SdkException failed) {
        if (failed instanceof AwsServiceException answer) {
            return (answer.statusCode() >= 500 && answer.statusCode() != 501)
                    || answer.statusCode() == 429
                    || PASSING.contains(Failures.code(answer));
        }
        return Failures.isNetwork(failed);
    }

    // An answer says what happened, except that of a server that did not know itself.
    private static boolean isMaybeDone(SdkException failed) {
        if (failed instanceof AwsServiceException answer) {
            return answer.statusCode() >= 500 && answer.statusCode() != 501 && answer.statusCode() != 503;
        }
        return Failures.isNetwork(failed) && !Failures.isBeforeSending(failed);
    }
}
