package dev.candlewick.http;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/**
 * Lets a pool start again gently after a silence: twice the average rate at most, second by second, until that could
 * have used up a whole window. Times are epoch microseconds. Not thread-safe.
 */
final class Ramp {

    private static final long SECOND = 1_000_000;

    private final RateLimiter limiter;
    private final int perSecond;
    private final long start;
    private final long end;
    private long now;

    Ramp(int perSecond, long start, Duration lasting) {
        this.perSecond = perSecond;
        this.start = start;
        this.now = start;
        this.end = start + lasting.toSeconds() * SECOND;
        RateLimiterConfig config = RateLimiterConfig.custom()
                .limitForPeriod(perSecond)
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .timeoutDuration(Duration.ZERO)
                .build();
        this.limiter = RateLimiter.of("ramp", config, () -> now * 1000);
    }

    boolean over(long at) {
        return at >= end;
    }

    /** Whether this second has room; a request heavier than a second's share needs a second of its own. */
    boolean hasRoom(int cost, long at) {
        now = Math.max(now, at);
        return limiter.getMetrics().getAvailablePermissions() >= charge(cost);
    }

    void take(int cost) {
        limiter.acquirePermission(charge(cost));
    }

    long microsUntilNextSecond(long at) {
        return SECOND - Math.floorMod(at - start, SECOND);
    }

    private int charge(int cost) {
        return Math.min(Math.max(cost, 1), perSecond);
    }
}
