package dev.candlewick.source.binance.simulator;

import java.time.Duration;

/**
 * How an answer travels: at once and whole, or as badly as networks can.
 *
 * @param silence {@link Silence#FOR_EVER} accepts the request and never answers
 * @param delay before the first byte
 * @param chunkBytes how much is sent at a time
 * @param pause between chunks
 * @param cutAfterBytes bytes of the whole answer after which the connection is reset; {@link #WHOLE} for never
 */
record Delivery(Silence silence, Duration delay, int chunkBytes, Duration pause, long cutAfterBytes) {
    static final long WHOLE = Long.MAX_VALUE;
    static final Delivery PLAIN = new Delivery(Silence.NONE, Duration.ZERO, 1 << 16, Duration.ZERO, WHOLE);

    enum Silence {
        NONE,
        FOR_EVER
    }

    Delivery blackHole() {
        return new Delivery(Silence.FOR_EVER, delay, chunkBytes, pause, cutAfterBytes);
    }

    Delivery after(Duration wait) {
        return new Delivery(silence, wait, chunkBytes, pause, cutAfterBytes);
    }

    Delivery dribbling(int bytes, Duration between) {
        return new Delivery(silence, delay, bytes, between, cutAfterBytes);
    }

    Delivery cutAfter(long bytes) {
        return new Delivery(silence, delay, chunkBytes, pause, bytes);
    }
}
