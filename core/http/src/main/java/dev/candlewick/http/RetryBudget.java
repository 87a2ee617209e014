package dev.candlewick.http;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds what retrying adds to the load of a host that is in trouble: a tenth of the first attempts of the last minute,
 * and a handful besides so that a single run can retry at all. Thread-safe.
 */
final class RetryBudget {

    private static final int ALWAYS_ALLOWED = 10;
    private static final int ONE_IN = 10;
    private static final long WINDOW_MICROS = 60_000_000;
    private static final long BUCKET_MICROS = 1_000_000;

    private final Deque<Bucket> lastMinute = new ArrayDeque<>();

    /** A request is tried for the first time. */
    synchronized void first(long now) {
        current(now).firsts++;
    }

    /** Whether one more retry is affordable; if so it is spent. */
    synchronized boolean spend(long now) {
        Bucket current = current(now);
        int firsts = lastMinute.stream().mapToInt(bucket -> bucket.firsts).sum();
        int retries = lastMinute.stream().mapToInt(bucket -> bucket.retries).sum();
        if (retries >= Math.max(ALWAYS_ALLOWED, firsts / ONE_IN)) {
            return false;
        }
        current.retries++;
        return true;
    }

    private Bucket current(long now) {
        while (!lastMinute.isEmpty() && lastMinute.peekFirst().start <= now - WINDOW_MICROS - BUCKET_MICROS) {
            lastMinute.removeFirst();
        }
        if (lastMinute.isEmpty() || now >= lastMinute.peekLast().start + BUCKET_MICROS) {
            lastMinute.addLast(new Bucket(now));
        }
        return lastMinute.peekLast();
    }

    private static final class Bucket {
        private final long start;
        private int firsts;
        private int retries;

        private Bucket(long start) {
            this.start = start;
        }
    }
}
