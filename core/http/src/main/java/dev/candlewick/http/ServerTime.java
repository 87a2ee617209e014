package dev.candlewick.http;

import java.time.Instant;

/**
 * Bounds on the server's clock, learned from its {@code Date} headers. Times are epoch microseconds. Not thread-safe.
 *
 * <p>A header is cut to the second and some servers refresh theirs only once a second, so one answer proves the offset
 * to about two seconds; every further answer narrows it. An answer that contradicts the bounds (a clock was set)
 * replaces them.
 */
final class ServerTime {

    private static final long CUT_AND_STALENESS_MICROS = 2_000_000;

    /** A slower answer proves too little to be worth keeping. */
    private static final long SLOWEST_PROOF_MICROS = 10_000_000;

    private boolean known;
    private long lowestOffset;
    private long highestOffset;

    boolean known() {
        return known;
    }

    /** The earliest that the server's clock may show now. */
    long earliest(long localMicros) {
        return localMicros + lowestOffset;
    }

    /** The latest that the server's clock may show now. */
    long latest(long localMicros) {
        return localMicros + highestOffset;
    }

    /** The local time at which the server's clock has certainly reached this. */
    long surelyReachedAt(long serverMicros) {
        return serverMicros - lowestOffset;
    }

    /** Learns from one answer; true when earlier beliefs turned out wrong. */
    boolean observe(Instant date, long sentMicros, long receivedMicros) {
        if (receivedMicros - sentMicros > SLOWEST_PROOF_MICROS) {
            return false;
        }
        long dateMicros = Micros.of(date);
        long low = dateMicros - receivedMicros;
        long high = dateMicros + CUT_AND_STALENESS_MICROS - sentMicros;
        boolean contradicted = known && (low > highestOffset || high < lowestOffset);
        if (!known || contradicted) {
            lowestOffset = low;
            highestOffset = high;
        } else {
            lowestOffset = Math.max(lowestOffset, low);
            highestOffset = Math.min(highestOffset, high);
        }
        known = true;
        return contradicted;
    }
}
