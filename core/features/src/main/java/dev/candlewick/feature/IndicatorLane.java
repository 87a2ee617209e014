package dev.candlewick.feature;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every indicator of a set from one first bar on. For one thread. */
final class IndicatorLane {

    private final IndicatorSet set;
    private final Indicator.Running[] running;
    private @Nullable Bar last;
    private long available = Long.MIN_VALUE;

    IndicatorLane(IndicatorSet set) {
        this.set = set;
        this.running = set.indicators().stream()
                .map(indicator -> indicator.begin().get())
                .toArray(Indicator.Running[]::new);
    }

    /** The row after a bar. */
    IndicatorRow next(Bar bar) {
        return row(bar, false);
    }

    /** The row after a slot without trades; none while there was no bar to fill from. */
    Optional<IndicatorRow> nextEmpty(long start, long end) {
        return last == null ? Optional.empty() : Optional.of(row(last.flatAt(start, end), true));
    }

    private IndicatorRow row(Bar bar, boolean filled) {
        double[] values = new double[running.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = running[i].next(bar);
        }
        last = bar;
        available = Math.max(available, bar.availableMicros());
        return new IndicatorRow(set, bar, available, filled, values);
    }
}
