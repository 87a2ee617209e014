package dev.candlewick.source.tardis;

import dev.candlewick.http.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only moves when somebody sleeps, so that hours of a ban take no time. Thread-safe. */
final class SimulatedTime extends Clock implements Sleeper {

    private Instant now;

    SimulatedTime(String start) {
        this.now = Instant.parse(start);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
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
