package dev.candlewick.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What is known of a pool, and the decision whether a request may leave now. No threads, no waiting, no clock of its
 * own: everything follows from what it is told. Guarded by the lock of its {@link RateBudget}.
 */
final class PoolState {

    /** The first ban without an end, and the longest that venues are known to give. */
    private static final Duration FIRST_UNKNOWN_BAN = Duration.ofMinutes(2);

    private static final Duration LONGEST_UNKNOWN_BAN = Duration.ofDays(3);

    /** How long a throttle without a time lasts in a pool that has no window to wait for. */
    private static final Duration UNKNOWN_THROTTLE = Duration.ofMinutes(1);

    /** How long a pool rests after a firewall answered. */
    private static final Duration FIREWALL_REST = Duration.ofMinutes(2);

    /** How often those who wait for somebody else's answer look whether it came. */
    private static final long POLL_MICROS = 50_000;

    /** Without a limit to take it from: requests per second right after a silence. */
    private static final int UNMETERED_RAMP = 20;

    /** At twice the average rate, half a minute uses up a minute's budget; from then on the window rules. */
    private static final Duration RAMP = Duration.ofSeconds(30);

    private static final long JITTER_MICROS = 1_000_000;

    private final List<TokenWindow> windows = new ArrayList<>();
    private final ServerTime server = new ServerTime();
    private final Set<Grant> underWay = new LinkedHashSet<>();
    private final Set<Grant> suspects = new LinkedHashSet<>();
    private final int reservePercent;
    private final Duration leastThrottle;
    private final RandomGenerator random;

    private long stoppedUntil;
    private boolean probing;
    private Optional<Grant> probe = Optional.empty();
    private Optional<Ramp> ramp = Optional.empty();
    private Duration nextUnknownBan = FIRST_UNKNOWN_BAN;

    PoolState(Collection<RateLimit> limits, int reservePercent, Duration leastThrottle, RandomGenerator random) {
        this.reservePercent = reservePercent;
        this.leastThrottle = leastThrottle;
        this.random = random;
        limits.forEach(limit -> windows.add(new TokenWindow(limit, reservePercent)));
    }

    ServerTime server() {
        return server;
    }

    List<RateLimit> limits() {
        return windows.stream().map(TokenWindow::limit).toList();
    }

    /** Takes a new amount for the limit that limits the same, or a new limit. */
    void adjust(RateLimit limit) {
        for (TokenWindow window : windows) {
            if (window.limit().limitsTheSameAs(limit)) {
                window.adjust(window.limit().allowing(limit.amount()));
                return;
            }
        }
        windows.add(new TokenWindow(limit, reservePercent));
    }

    /** The limit that could never grant this request, however long it waits. */
    Optional<RateLimit> neverAllowing(int weight, String lane) {
        return windows.stream()
                .filter(window ->
                        window.limit().appliesTo(lane) && window.limit().costOf(weight) > window.capacity())
                .map(TokenWindow::limit)
                .findFirst();
    }

    long stoppedUntil() {
        return stoppedUntil;
    }

    /** How long the request must wait from now at least; zero or less: it may leave. Changes nothing that counts. */
    long microsToWait(int weight, String lane, long now) {
        if (now < stoppedUntil) {
            return stoppedUntil - now;
        }
        if (!suspects.isEmpty() || (probing && probe.isPresent())) {
            return POLL_MICROS;
        }
        long wait = 0;
        for (TokenWindow window : windows) {
            window.advance(now, server, underWayIn(window));
            if (window.limit().appliesTo(lane) && window.limit().costOf(weight) > window.remaining()) {
                wait = Math.max(wait, Math.max(POLL_MICROS, window.microsUntilNext(now, server)));
            }
        }
        if (wait > 0) {
            return wait;
        }
        if (probing) {
            startRamp(now);
        }
        ramp = ramp.filter(active -> !active.over(now));
        return ramp.filter(active -> !active.hasRoom(weight, now))
                .map(active -> active.microsUntilNextSecond(now))
                .orElse(0L);
    }

    /** Charges a request that leaves now; only right after {@link #microsToWait} said so. */
    Grant grant(int weight, String lane, long now) {
        Grant grant = new Grant(weight, lane, now);
        for (TokenWindow window : windows) {
            if (window.limit().appliesTo(lane)) {
                window.take(grant.costIn(window.limit()), now);
            }
        }
        ramp.ifPresent(active -> active.take(weight));
        underWay.add(grant);
        if (probing) {
            probe = Optional.of(grant);
        }
        return grant;
    }

    /** An answer is being read that may stop the pool: nobody leaves until it is settled. */
    void suspect(Grant grant) {
        suspects.add(grant);
    }

    /** Learns the server's clock from an answer that came now. */
    void observe(Grant grant, HttpHeaders headers, long now) {
        headers.date().ifPresent(date -> {
            if (server.observe(date, grant.grantedAt(), now)) {
                windows.forEach(window -> window.reanchor(now, server));
            }
        });
        windows.forEach(window -> window.advance(now, server, underWayIn(window)));
    }

    /** An answer came, whatever it says; learns the server's own count of what is used. */
    void answered(Grant grant, HttpHeaders headers, long now) {
        if (!underWay.remove(grant)) {
            return;
        }
        for (TokenWindow window : windows) {
            window.answered(grant.costIn(window.limit()), now, server);
            window.limit()
                    .header()
                    .flatMap(headers::number)
                    .ifPresent(used -> window.adopt(used, underWayIn(window), grant.grantedAt(), now, server));
        }
        releaseProbe(grant);
    }

    /** The request ended without an answer. */
    void abandoned(Grant grant, long now) {
        if (underWay.remove(grant)) {
            windows.forEach(window -> window.abandoned(grant.costIn(window.limit()), now));
            releaseProbe(grant);
        }
    }

    /** The server is willing again: bans start from the shortest, nobody has to wait for a first answer. */
    void willing(Grant grant) {
        // An answer to a question from before the stop says nothing about the time after it.
        if (grant.grantedAt() >= stoppedUntil) {
            probing = false;
            nextUnknownBan = FIRST_UNKNOWN_BAN;
        }
    }

    /** Too much was asked. Everybody waits until the time given, else until the window is over and the least time. */
    void throttled(Optional<Instant> until, long now) {
        stop(until.map(Micros::of).orElseGet(() -> now + Math.max(leastThrottle.toNanos() / 1000, windowLeft(now))));
    }

    /** Banned. Everybody waits until the time given, else for a time that doubles with every ban in a row. */
    void banned(Optional<Instant> until, long now) {
        if (until.isPresent()) {
            stop(Micros.of(until.get()));
        } else if (now >= stoppedUntil) {
            stop(now + nextUnknownBan.toNanos() / 1000);
            Duration doubled = nextUnknownBan.multipliedBy(2);
            nextUnknownBan = doubled.compareTo(LONGEST_UNKNOWN_BAN) > 0 ? LONGEST_UNKNOWN_BAN : doubled;
        }
    }

    /** A firewall answered: silence for minutes. */
    void firewalled(long now) {
        stop(now + FIREWALL_REST.toNanos() / 1000);
    }

    /** Silent until this local time, which is taken as it is: it was jittered when it was first set. */
    void restoreStop(long until) {
        stoppedUntil = Math.max(stoppedUntil, until);
        probing = true;
    }

    /** Starts again at twice the average rate at most. */
    void startRamp(long now) {
        int perSecond = windows.stream()
                .map(TokenWindow::limit)
                .filter(limit -> limit.lane().equals(HttpRequest.MAIN_LANE))
                .mapToInt(limit ->
                        (int) Math.max(1, limit.amount() * 2L / limit.window().toSeconds()))
                .min()
                .orElse(UNMETERED_RAMP);
        ramp = Optional.of(new Ramp(perSecond, now, RAMP));
    }

    private void stop(long until) {
        if (until > stoppedUntil) {
            stoppedUntil = until + random.nextLong(JITTER_MICROS);
        }
        probing = true;
    }

    private void releaseProbe(Grant grant) {
        suspects.remove(grant);
        probe = probe.filter(current -> current != grant);
    }

    private long windowLeft(long now) {
        return windows.stream()
                .filter(window -> window.limit().lane().equals(HttpRequest.MAIN_LANE))
                .mapToLong(window -> window.microsUntilNext(now, server))
                .filter(left -> left > 0)
                .min()
                .orElse(UNKNOWN_THROTTLE.toNanos() / 1000);
    }

    private long underWayIn(TokenWindow window) {
        long sum = 0;
        for (Grant grant : underWay) {
            sum += grant.costIn(window.limit());
        }
        return sum;
    }
}
