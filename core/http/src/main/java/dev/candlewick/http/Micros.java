package dev.candlewick.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as epoch microseconds, for arithmetic. */
final class Micros {

    private Micros() {}

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant toInstant(long epochMicros) {
        return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS);
    }
}
