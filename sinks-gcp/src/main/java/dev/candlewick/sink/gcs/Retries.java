package dev.candlewick.sink.gcs;

import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends a request until there is an answer that stays, a bounded number of times and for a bounded time. What is sent here
 * may be sent twice: reads, and changes with a condition that does not hold any more once they are done. Thread-safe.
 */
final class Retries {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);

    private final Requests requests;
    private final Failures failures;
    private final Timeouts timeouts;
    private final int attempts;
    private final Clock clock;

    Retries(Requests requests, Failures failures, Timeouts timeouts, int attempts, Clock clock) {
        this.requests = requests;
        this.failures = failures;
        this.timeouts = timeouts;
        this.attempts = attempts;
        this.clock = clock;
    }

    /** What is known of a change that nobody confirmed. */
    enum Fate {
        /** Nothing of it arrived, or the service said that it did nothing. */
        NOT_DONE,
        /** The service was asked and has answered, but did not say whether it happened. */
        UNKNOWN,
        /** It may still be on its way. */
        ON_ITS_WAY
    }

    /** There is no answer, and there will be no further attempt. */
    static final class GaveUp extends Exception {

        private static final long serialVersionUID = 1L;

        private final MarketDataException failure;
        private final Fate fate;

        GaveUp(MarketDataException failure, Fate fate) {
            super(failure.getMessage(), failure, false, false);
            this.failure = failure;
            this.fate = fate;
        }

        MarketDataException failure() {
            return failure;
        }

        Fate fate() {
            return fate;
        }
    }

    /** The answer to a question: whatever its status, but none that may change when it is asked again. */
    Answer ask(Call call) {
        try {
            return send(call);
        } catch (GaveUp gaveUp) {
            throw gaveUp.failure();
        }
    }

    /** The answer to a change. */
    Answer send(Call call) throws GaveUp {
        long until = System.nanoTime() + timeouts.patience().toNanos();
        Fate fate = Fate.NOT_DONE;
        for (int attempt = 1; ; attempt++) {
            MarketDataException failure;
            Optional<Instant> notBefore = Optional.empty();
            boolean hopeless = false;
            try {
                Answer answer = requests.send(call, timeouts.request());
                if (!failures.isTransient(answer)) {
                    if (fate != Fate.NOT_DONE && isDenied(answer)) {
                        throw denied(answer, fate);
                    }
                    return answer;
                }
                failure = failures.of(answer);
                notBefore = failures.retryAfter(answer);
                if (!failures.didNothing(answer) && fate == Fate.NOT_DONE) {
                    fate = Fate.UNKNOWN;
                }
            } catch (IOException broken) {
                failure = failures.of(call, broken);
                hopeless = Failures.isPermanent(broken);
                if (!Failures.wasNotSent(broken)) {
                    fate = Fate.ON_ITS_WAY;
                }
            }
            Duration pause = pause(attempt, notBefore);
            if (hopeless || attempt >= attempts || System.nanoTime() + pause.toNanos() - until >= 0) {
                throw new GaveUp(failure, fate);
            }
            rest(call, pause);
        }
    }

    /** Whether the service would not even look at what was sent, so that it says nothing of what was sent before. */
    static boolean isDenied(Answer answer) {
        return answer.status() == 401 || answer.status() == 403;
    }

    /** A change that was denied after something of it had been sent. */
    GaveUp denied(Answer answer, Fate fate) {
        return new GaveUp(failures.of(answer), fate);
    }

    /** Sends it once; empty when there was no answer, or one that may be another a little later. */
    Optional<Answer> once(Call call) {
        try {
            Answer answer = requests.send(call, timeouts.request());
            return failures.isTransient(answer) ? Optional.empty() : Optional.of(answer);
        } catch (IOException broken) {
            return Optional.empty();
        }
    }

    /** Waits as before an attempt after so many. */
    void rest(Call call, int attempts) {
        rest(call, pause(attempts, Optional.empty()));
    }

    private Duration pause(int attempt, Optional<Instant> notBefore) {
        long most = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(attempt - 1, 10));
        Duration jittered = Duration.ofNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
        return notBefore
                .map(time -> Duration.between(clock.instant(), time).plus(jittered))
                .filter(asked -> asked.compareTo(jittered) > 0)
                .orElse(jittered);
    }

    private static void rest(Call call, Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new Cancelled(call.doing() + " was interrupted between two attempts", asked);
        }
    }
}
