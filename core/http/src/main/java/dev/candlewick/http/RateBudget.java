package dev.candlewick.http;

import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * What may be asked of one server pool from this machine: its limits, what is used of them, and whether it wants to be
 * left alone.
 *
 * <p>A venue counts per pool and IP address, not per client, so everybody who asks the same pool must hold the same
 * budget; {@link Builder#shared()} sees to that within a JVM, and the server's own count, read from its headers, between
 * processes. Requests that would go over a limit wait for the server's next window, first come first served. After 429,
 * 418 or 403 the <em>whole</em> pool waits; then one request goes ahead, and the others follow at twice the average rate
 * at most.
 *
 * <p>Thread-safe.
 */
public final class RateBudget {

    private static final Map<String, RateBudget> SHARED = new ConcurrentHashMap<>();

    /** Waits are cut so that closing and a changed ban are noticed soon. */
    private static final Duration SLICE = Duration.ofSeconds(1);

    private final String pool;
    private final Clock clock;
    private final BanStore bans;
    private final ReentrantLock lock = new ReentrantLock();
    private final PoolState state;
    private final Map<String, Deque<Condition>> linesByLane = new HashMap<>();

    private RateBudget(Builder builder) {
        this.pool = builder.pool;
        this.clock = builder.clock;
        this.bans = builder.bans;
        this.state = new PoolState(builder.limits, builder.reservePercent, builder.leastThrottle, builder.random);
        bans.load(pool).filter(until -> until.isAfter(clock.instant())).ifPresent(until -> {
            Instant latest = clock.instant().plus(RetryAdvice.LONGEST);
            state.restoreStop(Micros.of(until.isAfter(latest) ? latest : until));
        });
    }

    /**
     * Describes the budget of a pool.
     *
     * @param name names the servers that count together, for example {@code binance-spot@api.binance.com}
     */
    public static Builder pool(String name) {
        return new Builder(name);
    }

    /** The name of the pool. */
    public String pool() {
        return pool;
    }

    /** The limits as they stand, before the reserve is taken off. */
    public List<RateLimit> limits() {
        lock.lock();
        try {
            return state.limits();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes over what the server announces: a new amount for the limit of the same kind, window and lane, or a new
     * limit. Holds from the next request on; what is used stays used.
     */
    public void adjust(RateLimit limit) {
        lock.lock();
        try {
            state.adjust(limit);
        } finally {
            lock.unlock();
        }
    }

    /** Until when nobody asks this pool, by this machine's clock; empty when it may be asked. */
    public Optional<Instant> stoppedUntil() {
        lock.lock();
        try {
            return Optional.of(state.stoppedUntil())
                    .filter(until -> until > now())
                    .map(Micros::toInstant);
        } finally {
            lock.unlock();
        }
    }

    /** How long nobody will ask this pool from now on; zero when it may be asked. */
    public Duration remainingStop() {
        return stoppedUntil()
                .map(until -> Duration.between(clock.instant(), until))
                .filter(left -> !left.isNegative())
                .orElse(Duration.ZERO);
    }

    /**
     * The earliest time that the server's clock may show now: what lies before it is over for the server too. Empty
     * until an answer told.
     */
    public Optional<Instant> serverTime() {
        lock.lock();
        try {
            return state.server().known()
                    ? Optional.of(Micros.toInstant(state.server().earliest(now())))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for leave to send a request.
     *
     * @throws Unavailable when that would take longer than the waiter's patience
     * @throws Refused when no wait would ever be long enough
     */
    Grant acquire(HttpRequest request, Waiter waiter) throws InterruptedException {
        lock.lockInterruptibly();
        Deque<Condition> line = linesByLane.computeIfAbsent(request.lane(), lane -> new ArrayDeque<>());
        Condition turn = lock.newCondition();
        line.addLast(turn);
        try {
            while (true) {
                waiter.check();
                long now = now();
                boolean first = line.peekFirst() == turn;
                refuseWhatNeverFits(request);
                long wait = first
                        ? state.microsToWait(request.weight(), request.lane(), now)
                        : Math.max(1, state.stoppedUntil() - now);
                if (wait <= 0) {
                    return state.grant(request.weight(), request.lane(), now);
                }
                if (now + wait > waiter.patienceEnd()) {
                    throw outOfPatience(request, now + wait, now);
                }
                if (first) {
                    sleepUnlocked(waiter, wait);
                } else {
                    turn.await(SLICE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } finally {
            line.remove(turn);
            Optional.ofNullable(line.peekFirst()).ifPresent(Condition::signal);
            lock.unlock();
        }
    }

    /** An answer is being read that may stop the pool; must be followed by {@link #settle} or {@link #abandon}. */
    void suspect(Grant grant) {
        lock.lock();
        try {
            state.suspect(grant);
        } finally {
            lock.unlock();
        }
    }

    /** The request was answered; gives the end of the stop if the answer started or prolonged one. */
    Optional<Instant> settle(Grant grant, HttpHeaders headers, String bodyStart, Outcome outcome) {
        lock.lock();
        try {
            long now = now();
            long before = state.stoppedUntil();
            state.observe(grant, headers, now);
            // First the stop, then the release: nobody slips through in between.
            switch (outcome) {
                case THROTTLED -> state.throttled(advice(headers, bodyStart), now);
                case BANNED -> state.banned(advice(headers, bodyStart), now);
                case FORBIDDEN -> state.firewalled(now);
                default -> state.willing(grant);
            }
            state.answered(grant, headers, now);
            if (state.stoppedUntil() <= before) {
                return Optional.empty();
            }
            Instant until = Micros.toInstant(state.stoppedUntil());
            bans.save(pool, until);
            return Optional.of(until);
        } finally {
            lock.unlock();
        }
    }

    /** The request ended without an answer. */
    void abandon(Grant grant) {
        lock.lock();
        try {
            state.abandoned(grant, now());
        } finally {
            lock.unlock();
        }
    }

    /** The server was dead and is back: start gently. */
    void startGently() {
        lock.lock();
        try {
            state.startRamp(now());
        } finally {
            lock.unlock();
        }
    }

    /** When the server of this pool wants to be asked again, if these headers say so; in this machine's clock. */
    Optional<Instant> advisedBy(HttpHeaders headers) {
        lock.lock();
        try {
            return advice(headers, "");
        } finally {
            lock.unlock();
        }
    }

    private Optional<Instant> advice(HttpHeaders headers, String bodyStart) {
        return RetryAdvice.read(headers, bodyStart, clock.instant(), state.server());
    }

    private void refuseWhatNeverFits(HttpRequest request) {
        state.neverAllowing(request.weight(), request.lane()).ifPresent(limit -> {
            throw new Refused(request + " weighs " + request.weight() + ", more than " + pool + " ever allows at once ("
                    + limit + ", less the reserve). Ask for less at a time.");
        });
    }

    private Unavailable outOfPatience(HttpRequest request, long until, long now) {
        Instant end = Micros.toInstant(until);
        String reason = now < state.stoppedUntil() ? "has told us to stop asking" : "has no request budget left";
        return new Unavailable(
                request + " was not sent: " + pool + " " + reason + " until " + end + ", "
                        + Duration.ofSeconds((until - now) / 1_000_000)
                        + " from now and longer than this request may wait."
                        + " Try again after that time, or allow more patience.",
                null,
                end);
    }

    private void sleepUnlocked(Waiter waiter, long micros) throws InterruptedException {
        Duration wait = Duration.ofNanos(micros * 1000);
        lock.unlock();
        try {
            waiter.sleep(wait.compareTo(SLICE) > 0 ? SLICE : wait);
        } finally {
            lock.lock();
        }
    }

    private long now() {
        return Micros.of(clock.instant());
    }

    /** The pool, its limits and its state. */
    @Override
    public String toString() {
        return pool + " " + limits()
                + stoppedUntil().map(until -> ", stopped until " + until).orElse("");
    }

    /** Somebody who waits for a budget: how long at most, and how. */
    interface Waiter {

        /** Local epoch microseconds after which waiting is pointless. */
        long patienceEnd();

        /** Throws {@link dev.candlewick.Cancelled} when nobody wants the answer any more. */
        void check();

        void sleep(Duration duration) throws InterruptedException;
    }

    /** Collects the parts of a budget. Not thread-safe. */
    public static final class Builder {

        private final String pool;
        private final List<RateLimit> limits = new ArrayList<>();
        private int reservePercent = 5;
        private Duration leastThrottle = Duration.ZERO;
        private BanStore bans = BanStore.NONE;
        private Clock clock = SteadyClock.INSTANCE;
        private RandomGenerator random = RandomGenerator.getDefault();

        private Builder(String pool) {
            this.pool = pool;
        }

        /** Adds a limit. Without any, requests are not counted but stops are obeyed. */
        public Builder limit(RateLimit limit) {
            limits.add(limit);
            return this;
        }

        /**
         * Sets how much of every limit is left to other clients on this IP address, in percent (default 5, rounded up).
         *
         * @throws IllegalArgumentException unless 0 to 99
         */
        public Builder reservePercent(int reservePercent) {
            if (reservePercent < 0 || reservePercent > 99) {
                throw new IllegalArgumentException("A reserve of " + reservePercent + " % leaves nothing to ask with");
            }
            this.reservePercent = reservePercent;
            return this;
        }

        /** Sets how long a throttle that names no time lasts at least (default: until the server's window is over). */
        public Builder leastThrottle(Duration leastThrottle) {
            this.leastThrottle = leastThrottle;
            return this;
        }

        /** Sets where the end of a ban is kept over restarts (default: nowhere). */
        public Builder bans(BanStore bans) {
            this.bans = bans;
            return this;
        }

        /** Sets the clock; the default follows the monotonic timer and cannot be set back by anybody. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Sets the source of jitter. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** A budget of its own, for tests and for pools nobody else in this JVM asks. */
        public RateBudget build() {
            return new RateBudget(this);
        }

        /** The budget of this pool in this JVM; the first one described stays, for all who name the pool. */
        public RateBudget shared() {
            return SHARED.computeIfAbsent(pool, name -> new RateBudget(this));
        }
    }
}
