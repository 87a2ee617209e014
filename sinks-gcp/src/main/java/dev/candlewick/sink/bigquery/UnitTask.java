package dev.candlewick.sink.bigquery;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.Writes;
import java.util.Optional;

/**
 * A unit to be committed.
 *
 * @param write which it belongs to
 * @param unit which it is
 * @param draft its new rows, if there are any
 * @param before what had been written to the unit when these rows began to be gathered
 */
record UnitTask(Write write, TimeRange unit, Optional<UnitDraft> draft, Writes before) {

    Series series() {
        return write.series();
    }

    TimeRange range() {
        return write.range();
    }

    /** Whether nothing of the unit is outside of what is written. */
    boolean isWhole() {
        return range().contains(unit);
    }

    /** The part of the unit that is written. */
    TimeRange replaced() {
        return range().intersection(unit).orElseThrow();
    }

    String key() {
        return Ledger.key(series(), unit);
    }

    String label() {
        return series().cadence().unit().label(unit) + " of " + Failures.cut(series());
    }
}
