package dev.candlewick.sink.bigquery.streaming;

import dev.candlewick.Cancelled;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How long something is tried again. Waits double from a tenth of a second to five seconds, each between half and all of
 * that.
 *
 * @param response how long one answer may take
 * @param total how long to try without any success
 * @param ticker monotonic nanoseconds
 * @param random spreads the waits
 */
record Patience(Duration response, Duration total, LongSupplier ticker, RandomGenerator random) {

    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    static Patience ofDefaults() {
        return new Patience(
                Duration.ofSeconds(30), Duration.ofMinutes(1), System::nanoTime, RandomGenerator.getDefault());
    }

    Patience total(Duration other) {
        return new Patience(response, other, ticker, random);
    }

    Patience response(Duration other) {
        return new Patience(other, total, ticker, random);
    }

    long responseNanos() {
        return response.toNanos();
    }

    Attempts attempts() {
        return new Attempts(this);
    }

    /** The tries of one thing. For one thread. */
    static final class Attempts {

        private final Patience patience;
        private long since;
        private int tries = 1;

        private Attempts(Patience patience) {
            this.patience = patience;
            this.since = patience.ticker.getAsLong();
        }

        /** How often it was tried. */
        int tries() {
            return tries;
        }

        /** Something went well: all patience is there again. */
        void succeeded() {
            since = patience.ticker.getAsLong();
            tries = 1;
        }

        /** Whether there is patience for another try. */
        boolean isLeft() {
            return patience.ticker.getAsLong() - since < patience.total.toNanos();
        }

        /** How long to wait before the next try, which this counts. */
        long nextWaitNanos() {
            long longest = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(tries - 1, 10));
            tries++;
            return longest / 2 + patience.random.nextLong(longest / 2 + 1);
        }

        /** Waits before the next try; false when patience is used up. An interrupt is {@link Cancelled}. */
        boolean again(String doing) {
            if (!isLeft()) {
                return false;
            }
            long end = patience.ticker.getAsLong() + nextWaitNanos();
            synchronized (this) {
                for (long left = end - patience.ticker.getAsLong();
                        left > 0;
                        left = end - patience.ticker.getAsLong()) {
                    try {
                        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                        throw new Cancelled(doing + " was interrupted after " + tries + " tries", interrupted);
                    }
                }
            }
            return true;
        }
    }
}
