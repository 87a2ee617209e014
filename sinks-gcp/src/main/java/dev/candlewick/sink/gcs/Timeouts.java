package dev.candlewick.sink.gcs;

import java.time.Duration;

/**
 * How long anything is waited for.
 *
 * @param connect until the service accepts a connection
 * @param silence until a connection over which no byte comes is given up
 * @param request until one request is given up, however its bytes dribble
 * @param patience until nothing is tried again any more of what one call, or one chunk of an upload, asks for
 */
record Timeouts(Duration connect, Duration silence, Duration request, Duration patience) {

    static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(3), Duration.ofMinutes(3));

    Timeouts {
        for (Duration each : new Duration[] {connect, silence, request, patience}) {
            if (each.compareTo(Duration.ofMillis(1)) < 0 || each.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("A timeout is from a millisecond to a day, not " + each);
            }
        }
    }

    Timeouts connect(Duration time) {
        return new Timeouts(time, silence, request, patience);
    }

    Timeouts silence(Duration time) {
        return new Timeouts(connect, time, request, patience);
    }

    Timeouts request(Duration time) {
        return new Timeouts(connect, silence, time, patience);
    }

    Timeouts patience(Duration time) {
        return new Timeouts(connect, silence, request, time);
    }
}
