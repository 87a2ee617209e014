package dev.candlewick;

import java.time.DateTimeException;
import java.time.Instant;

/** Instants as whole microseconds since 1970-01-01T00:00:00Z, the unit of every time column. */
final class EpochMicros {

    private EpochMicros() {}

    static long of(Instant instant) {
        int nanos = instant.getNano();
        if (nanos % 1_000 != 0) {
            throw new IllegalArgumentException(
                    instant + " is finer than a microsecond; times are kept in whole microseconds");
        }
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), nanos / 1_000);
        } catch (ArithmeticException tooFar) {
            throw new IllegalArgumentException(
                    instant + " is outside the microsecond time line (about ±292,000 years around 1970)", tooFar);
        }
    }

    static Instant toInstant(long epochMicros) {
        try {
            return Instant.ofEpochSecond(
                    Math.floorDiv(epochMicros, 1_000_000L), Math.floorMod(epochMicros, 1_000_000L) * 1_000);
        } catch (DateTimeException impossible) {
            throw new IllegalArgumentException(epochMicros + " µs is not an instant", impossible);
        }
    }
}
