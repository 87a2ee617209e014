package dev.candlewick.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits. The only place where this module lets time pass, so that tests can let an hour pass in a millisecond. */
@FunctionalInterface
public interface Sleeper {

    /** The sleeper that really sleeps. */
    Sleeper SYSTEM = duration -> TimeUnit.NANOSECONDS.sleep(duration.toNanos());

    /**
     * Returns after {@code duration}, or throws as soon as the thread is interrupted.
     *
     * @throws InterruptedException when the thread was interrupted before or while waiting
     */
    void sleep(Duration duration) throws InterruptedException;
}
