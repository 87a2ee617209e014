package dev.candlewick.source.binance.simulator;

import java.time.Duration;
import java.time.Instant;

/**
 * The venue's side of a request budget: counts weight by the clock minute, tells callers to wait when it is used up, and
 * bans those that go on calling, longer each time. Safe for use by many threads.
 */
final class WeightBudget {
    /** Calls in spite of a 429 or a ban that the venue bears before it bans, or bans for longer. */
    static final int PATIENCE = 5;

    static final Duration SHORTEST_BAN = Duration.ofMinutes(2);
    static final Duration LONGEST_BAN = Duration.ofDays(3);
    private static final long WINDOW_MILLIS = 60_000;

    /**
     * What the venue thinks of one request.
     *
     * @param standing how the caller stood when the request came in
     * @param status 200, 429 or 418
     * @param used weight used in this minute, this request and other programs on the address included
     * @param until end of the wait or ban; the request's own time if there is none
     */
    record Verdict(Standing standing, int status, int used, Instant until) {}

    private int limit;
    private int foreignPerMinute;
    private long windowStartMillis = Long.MIN_VALUE;
    private int used;
    private Instant waitUntil = Instant.MIN;
    private Instant banUntil = Instant.MIN;
    private int bans;
    private int strikes;

    WeightBudget(int limit) {
        this.limit = limit;
    }

    synchronized Verdict charge(int weight, Instant now) {
        enterWindow(now);
        used += weight;
        if (now.isBefore(banUntil)) {
            strike(now);
            return new Verdict(Standing.BANNED, 418, used, banUntil);
        }
        Standing standing = Standing.WELCOME;
        if (now.isBefore(waitUntil)) {
            standing = Standing.TOLD_TO_WAIT;
            strike(now);
            if (now.isBefore(banUntil)) {
                return new Verdict(standing, 418, used, banUntil);
            }
        }
        if (used > limit) {
            tellToWait(Instant.ofEpochMilli(windowStartMillis + WINDOW_MILLIS));
        }
        return now.isBefore(waitUntil)
                ? new Verdict(standing, 429, used, waitUntil)
                : new Verdict(standing, 200, used, now);
    }

    private void enterWindow(Instant now) {
        long window = Math.floorDiv(now.toEpochMilli(), WINDOW_MILLIS) * WINDOW_MILLIS;
        if (window != windowStartMillis) {
            windowStartMillis = window;
            used = foreignPerMinute;
        }
    }

    private void strike(Instant now) {
        strikes++;
        if (strikes >= PATIENCE) {
            ban(nextBan(), now);
        }
    }

    private Duration nextBan() {
        Duration longer = SHORTEST_BAN.multipliedBy(1L << Math.min(bans, 20));
        return longer.compareTo(LONGEST_BAN) < 0 ? longer : LONGEST_BAN;
    }

    synchronized void ban(Duration length, Instant now) {
        strikes = 0;
        bans++;
        banUntil = now.plus(length);
    }

    synchronized void tellToWait(Instant until) {
        if (until.isAfter(waitUntil)) {
            waitUntil = until;
        }
    }

    /** Another program on the address uses this much at the start of every minute, and now. */
    synchronized void foreign(int weightPerMinute, Instant now) {
        enterWindow(now);
        used += weightPerMinute - foreignPerMinute;
        foreignPerMinute = weightPerMinute;
    }

    synchronized void limit(int perMinute) {
        limit = perMinute;
    }

    synchronized int limit() {
        return limit;
    }
}
