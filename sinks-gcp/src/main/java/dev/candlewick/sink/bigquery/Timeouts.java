package dev.candlewick.sink.bigquery;

import java.time.Duration;

/**
 * How long anything may take.
 *
 * @param connect until a connection is made
 * @param response between two bytes of an answer
 * @param request for one request and its answer
 * @param job until a job is done
 */
record Timeouts(Duration connect, Duration response, Duration request, Duration job) {

    static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(2), Duration.ofMinutes(10));

    Timeouts {
        for (Duration each : new Duration[] {connect, response, request, job}) {
            if (each.isNegative() || each.isZero()) {
                throw new IllegalArgumentException("A timeout is longer than nothing, not " + each);
            }
        }
    }
}
