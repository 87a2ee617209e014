package dev.candlewick.source.tardis.simulator;

import java.time.Instant;

/** A stretch in which nothing of an exchange was recorded, as the catalogue reports it. */
record SimulatedIncident(String exchange, Instant from, Instant to, String status, String details) {

    boolean covers(long epochMicros) {
        return epochMicros >= micros(from) && epochMicros < micros(to);
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
