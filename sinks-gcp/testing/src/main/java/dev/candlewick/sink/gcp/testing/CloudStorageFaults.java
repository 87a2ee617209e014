package dev.candlewick.sink.gcp.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The switches of a {@link LocalCloudStorage}.
 *
 * <pre>{@code
 * server.faults().next(2).of(StorageCall.WRITE).answer(503);
 * server.faults().next(1).of(StorageCall.READ).flipByte(100);
 * }</pre>
 *
 * <p>A request is struck by the oldest fault that means it; each fault strikes as often as it was told to. Thread-safe.
 */
public final class CloudStorageFaults {

    private final List<Fault> armed = new ArrayList<>();

    CloudStorageFaults() {}

    /** The next so many requests; say which, and then what happens to them. */
    public Rule next(int times) {
        return new Rule(times, request -> true);
    }

    /** Every request from now on, until {@link #clear}. */
    public Rule always() {
        return new Rule(Integer.MAX_VALUE, request -> true);
    }

    /** Whether every fault has struck as often as it was to. */
    public synchronized boolean areOver() {
        return armed.isEmpty();
    }

    /** Takes back what has not struck yet. */
    public synchronized void clear() {
        armed.clear();
    }

    synchronized Optional<Fault> strike(StorageRequest request) {
        for (Iterator<Fault> faults = armed.iterator(); faults.hasNext(); ) {
            Fault fault = faults.next();
            if (fault.means().test(request)) {
                if (fault.left().decrementAndGet() == 0) {
                    faults.remove();
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    private synchronized void arm(Fault fault) {
        armed.add(fault);
    }

    enum Kind {
        ANSWER,
        LOSE_ANSWER,
        CUT_REQUEST,
        CUT_ANSWER,
        FLIP,
        DELAY
    }

    record Fault(
            Predicate<StorageRequest> means,
            AtomicInteger left,
            Kind kind,
            int status,
            String reason,
            String message,
            long bytes,
            Duration time) {}

    /** Which requests a fault strikes, and what it does. */
    public final class Rule {

        private final int times;
        private final Predicate<StorageRequest> means;

        private Rule(int times, Predicate<StorageRequest> means) {
            this.times = times;
            this.means = means;
        }

        /** Only these calls. */
        public Rule of(StorageCall... calls) {
            Set<StorageCall> meant = EnumSet.copyOf(Arrays.asList(calls));
            return matching(request -> meant.contains(request.call()));
        }

        /** Only requests of which this is true. */
        public Rule matching(Predicate<StorageRequest> condition) {
            return new Rule(times, means.and(condition));
        }

        /** They are answered with this status in Google's form, and do nothing. */
        public void answer(int status) {
            answer(status, GoogleErrors.reason(status), GoogleErrors.message(status));
        }

        /** They are answered with this status, reason and message in Google's form, and do nothing. */
        public void answer(int status, String reason, String message) {
            arm(fault(Kind.ANSWER, status, reason, message, 0, Duration.ZERO));
        }

        /** They are answered 429 with a {@code Retry-After}. */
        public void throttle(Duration retryAfter) {
            arm(fault(Kind.ANSWER, 429, GoogleErrors.reason(429), GoogleErrors.message(429), 0, retryAfter));
        }

        /** They do what they are to do, and then the connection ends instead of an answer. */
        public void loseAnswer() {
            arm(fault(Kind.LOSE_ANSWER, 0, "", "", 0, Duration.ZERO));
        }

        /** The connection ends when this many bytes of the body have arrived. */
        public void cutRequestAfter(long bytes) {
            arm(fault(Kind.CUT_REQUEST, 0, "", "", bytes, Duration.ZERO));
        }

        /** They do what they are to do, and the connection ends after this many bytes of the answer's body. */
        public void cutAnswerAfter(long bytes) {
            arm(fault(Kind.CUT_ANSWER, 0, "", "", bytes, Duration.ZERO));
        }

        /** The answer's body has a wrong bit at this place, counted from its beginning. */
        public void flipByte(long offset) {
            arm(fault(Kind.FLIP, 0, "", "", offset, Duration.ZERO));
        }

        /** They wait this long before anything is done. */
        public void delay(Duration time) {
            arm(fault(Kind.DELAY, 0, "", "", 0, time));
        }

        private Fault fault(Kind kind, int status, String reason, String message, long bytes, Duration time) {
            return new Fault(means, new AtomicInteger(times), kind, status, reason, message, bytes, time);
        }
    }
}
