package dev.candlewick.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A wall clock that is read once and then follows the monotonic timer, so that somebody setting the machine's clock
 * neither ends a ban early nor stalls a run.
 */
final class SteadyClock extends Clock {

    /** One for the whole process: what one part calls now, the others do too. */
    static final SteadyClock INSTANCE = new SteadyClock();

    private final Instant start = Clock.systemUTC().instant();
    private final long startNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plus(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants only");
    }
}
