package dev.candlewick.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only moves when somebody sleeps, so that hours of a ban take no time. Thread-safe. */
public final class SimulatedTime extends Clock {

    private Instant now;

    /** A clock that stands at an instant such as {@code 2025-01-01T00:00:00Z}. */
    public SimulatedTime(String start) {
        this.now = Instant.parse(start);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Returns at once, that much later. */
    public synchronized void sleep(Duration duration) {
        now = now.plus(duration);
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
