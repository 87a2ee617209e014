package dev.candlewick.http;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/**
 * The tokens of one limit in the server's current window. Times are epoch microseconds, local unless said otherwise.
 * Not thread-safe.
 *
 * <p>resilience4j counts the tokens; which window they belong to is decided here, from the server's clock. A request
 * that may have been counted in the next window as well (it was under way when the window ended, or its answer never
 * came) is charged to both, so that the server's count never exceeds ours.
 */
final class TokenWindow {

    private static final long NO_WINDOW = Long.MIN_VALUE;

    private RateLimit limit;
    private final int reservePercent;
    private RateLimiter tokens;
    private long index = NO_WINDOW;
    private long lastUse = Long.MIN_VALUE;
    private long chargedToNext;

    TokenWindow(RateLimit limit, int reservePercent) {
        this.limit = limit;
        this.reservePercent = reservePercent;
        this.tokens = tokens(capacity());
    }

    RateLimit limit() {
        return limit;
    }

    /** What this machine may use of the limit: all but the share left to others, at least one. */
    int capacity() {
        long reserve = (limit.amount() * (long) reservePercent + 99) / 100;
        return (int) Math.max(1, limit.amount() - reserve);
    }

    /** Takes a new amount; what was used of the old one stays used. */
    void adjust(RateLimit adjusted) {
        long used = used();
        limit = adjusted;
        refill(used);
    }

    long used() {
        return (long) capacity() - remaining();
    }

    int remaining() {
        return tokens.getMetrics().getAvailablePermissions();
    }

    void take(int cost, long now) {
        lastUse = now;
        if (cost > 0 && !tokens.acquirePermission(cost)) {
            throw new IllegalStateException("Took " + cost + " of " + remaining() + " tokens left in " + limit);
        }
    }

    /** Enters the server's current window if the last one is surely over; {@code underWay} is charged to the new one. */
    void advance(long now, ServerTime server, long underWay) {
        if (!server.known()) {
            // Without the server's clock only silence for a whole window proves that nothing of the old one counts.
            if (underWay == 0 && lastUse != Long.MIN_VALUE && now - lastUse >= limit.windowMicros()) {
                refill(0);
            }
            return;
        }
        long current = Math.floorDiv(server.earliest(now), limit.windowMicros());
        if (index == NO_WINDOW) {
            index = current;
        } else if (current > index) {
            refill(underWay + (current == index + 1 ? chargedToNext : 0));
            chargedToNext = 0;
            index = current;
        }
    }

    /** The beliefs about the server's clock were wrong: this is the current window after all. */
    void reanchor(long now, ServerTime server) {
        index = Math.floorDiv(server.earliest(now), limit.windowMicros());
    }

    /** How long until this window is surely over. */
    long microsUntilNext(long now, ServerTime server) {
        if (!server.known()) {
            return Math.max(lastUse, now - limit.windowMicros()) + limit.windowMicros() - now;
        }
        return server.surelyReachedAt((index + 1) * limit.windowMicros()) - now;
    }

    /** A request charged here was answered now: it may have been counted in the next window if that may have begun. */
    void answered(int cost, long now, ServerTime server) {
        lastUse = now;
        if (index != NO_WINDOW && Math.floorDiv(server.latest(now), limit.windowMicros()) > index) {
            chargedToNext += cost;
        }
    }

    /** A request charged here ended without an answer; the server may still count it later. */
    void abandoned(int cost, long now) {
        lastUse = now;
        chargedToNext += cost;
    }

    /** Adopts the server's own count when it is higher; {@code underWay} are our requests it may not have seen yet. */
    void adopt(long serverUsed, long underWay, long sent, long received, ServerTime server) {
        long window = limit.windowMicros();
        boolean countedInThisWindow = index != NO_WINDOW
                && Math.floorDiv(server.earliest(sent), window) == index
                && Math.floorDiv(server.latest(received), window) == index;
        if (countedInThisWindow && serverUsed + underWay > used()) {
            refill(serverUsed + underWay);
        }
    }

    private void refill(long alreadyUsed) {
        int capacity = capacity();
        tokens = tokens(capacity);
        int taken = (int) Math.min(alreadyUsed, capacity);
        if (taken > 0) {
            tokens.acquirePermission(taken);
        }
    }

    private RateLimiter tokens(int capacity) {
        RateLimiterConfig config = RateLimiterConfig.custom()
                .limitForPeriod(capacity)
                .limitRefreshPeriod(Duration.ofDays(1))
                .timeoutDuration(Duration.ZERO)
                .build();
        // Time stands still for it: only the server's clock ends a window.
        return RateLimiter.of(limit.toString(), config, () -> 0L);
    }
}
