package dev.candlewick.sink.bigquery;

import java.time.Duration;

/** How to wait, so that tests need not. */
@FunctionalInterface
interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
}
