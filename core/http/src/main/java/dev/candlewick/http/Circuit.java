package dev.candlewick.http;

/**
 * Keeps callers from a host that does not answer at all: after some failures in a row only one request at a time goes
 * out to see whether it is back, at growing distances. Times are local epoch microseconds. Thread-safe.
 */
final class Circuit {

    private static final int FAILURES_TO_OPEN = 5;
    private static final long FIRST_PAUSE = 1_000_000;
    private static final long LONGEST_PAUSE = 60_000_000;
    private static final long PROBE_POLL = 100_000;

    private int failuresInARow;
    private long pause = FIRST_PAUSE;
    private long probeNotBefore;
    private boolean probing;

    /** How long to wait before asking again; zero: go, and report how it went. */
    synchronized long microsToWait(long now) {
        if (failuresInARow < FAILURES_TO_OPEN) {
            return 0;
        }
        if (probing) {
            return PROBE_POLL;
        }
        if (now < probeNotBefore) {
            return probeNotBefore - now;
        }
        probing = true;
        return 0;
    }

    /** The host answered, whatever it said; true when it had been given up. */
    synchronized boolean answered() {
        boolean wasOpen = failuresInARow >= FAILURES_TO_OPEN;
        failuresInARow = 0;
        pause = FIRST_PAUSE;
        probing = false;
        return wasOpen;
    }

    /** The host did not answer. */
    synchronized void failed(long now) {
        failuresInARow++;
        probing = false;
        if (failuresInARow >= FAILURES_TO_OPEN) {
            probeNotBefore = now + pause;
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    /** The attempt ended for a reason that says nothing about the host. */
    synchronized void abandoned() {
        probing = false;
    }
}
