package dev.candlewick.source.binance.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Stretches in which the venue was down and no market produced a candle. Immutable. */
final class Outages {
    static final Outages NONE = new Outages(List.of());

    private record Stretch(long startMillis, long endMillis) {}

    private final List<Stretch> stretches;

    private Outages(List<Stretch> stretches) {
        this.stretches = stretches;
    }

    Outages with(Instant start, Instant end) {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("An outage must end after it starts: " + start + " to " + end);
        }
        List<Stretch> more = new ArrayList<>(stretches);
        more.add(new Stretch(start.toEpochMilli(), end.toEpochMilli()));
        return new Outages(List.copyOf(more));
    }

    boolean cover(long millis) {
        for (Stretch stretch : stretches) {
            if (millis >= stretch.startMillis && millis < stretch.endMillis) {
                return true;
            }
        }
        return false;
    }
}
