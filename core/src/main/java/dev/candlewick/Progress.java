package dev.candlewick;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a backfill is.
 *
 * @param unitsDone units committed or failed
 * @param unitsTotal units of the plan
 * @param rows rows read so far, also of units still under way
 * @param rowsExpected rows of a gapless answer; 0 when the source gave no estimate
 * @param elapsed time since the start, by a monotonic clock
 */
public record Progress(int unitsDone, int unitsTotal, long rows, long rowsExpected, Duration elapsed) {

    /** The part that is done, from 0 to 1: by rows where their number is known, else by units. */
    public double fraction() {
        if (unitsDone >= unitsTotal) {
            return 1;
        }
        double byUnits = (double) unitsDone / unitsTotal;
        double byRows = rowsExpected > 0 ? Math.min(0.999, (double) rows / rowsExpected) : 0;
        return Math.max(byUnits, byRows);
    }

    /** The time left at the pace so far; empty before anything is done. */
    public Optional<Duration> remaining() {
        double fraction = fraction();
        return fraction <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.round(elapsed.toNanos() * ((1 - fraction) / fraction))));
    }

    /** {@code 12/24 units, 518,400 rows, 41 s left}. */
    @Override
    public String toString() {
        return unitsDone + "/" + unitsTotal + " units, " + Words.grouped(rows) + " rows"
                + remaining()
                        .filter(left -> unitsDone < unitsTotal)
                        .map(left -> ", " + Words.duration(left) + " left")
                        .orElse("");
    }
}
