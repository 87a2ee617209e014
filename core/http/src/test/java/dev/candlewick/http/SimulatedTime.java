package dev.candlewick.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only moves when somebody sleeps, so that a day of waiting takes no time. Thread-safe. */
final class SimulatedTime extends Clock implements Sleeper {

    private Instant now;

    SimulatedTime(String start) {
        this.now = Instant.parse(start);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Instant wake = instant().plus(duration);
        // Whoever else is about to act at this moment acts first.
        Thread.sleep(1);
        synchronized (this) {
            now = now.isAfter(wake) ? now : wake;
        }
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
