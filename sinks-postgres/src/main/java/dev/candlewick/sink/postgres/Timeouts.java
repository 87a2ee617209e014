package dev.candlewick.sink.postgres;

import java.time.Duration;

/**
 * How long anything is waited for. The driver's own default is for ever.
 *
 * @param connect until the server accepts a connection and the login
 * @param statement until the server gives a statement up
 * @param lock until the server gives up waiting for a lock that another writer holds
 * @param idle until the server ends a transaction in which nothing is asked of it
 * @param silence until we end a connection over which no byte moves
 */
record Timeouts(Duration connect, Duration statement, Duration lock, Duration idle, Duration silence) {

    static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofSeconds(150));

    /** A reader may take its time with what it was given; this is when the server stops waiting for it. */
    static final Duration READER_IDLE = Duration.ofHours(1);

    Timeouts {
        for (Duration each : new Duration[] {connect, statement, lock, idle, silence}) {
            if (each.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("A timeout is at least a millisecond, not " + each);
            }
        }
    }
}
