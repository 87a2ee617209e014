package dev.candlewick.feature;

import dev.candlewick.Cadence;
import java.util.HashMap;
import java.util.Map;

/**
 * Surfaces of one underlying at the ends of intervals, from rows of its options in the order of their arrival: what batches
 * and live rows are both made with. An interval is complete once what arrives is later than its end and the lateness. Keeps
 * one record per option and open interval, whatever the number of rows. For one thread.
 */
final class SurfaceSlots {

    private final Cadence.Grid grid;
    private final long lateness;
    private final long skew;
    private final OptionSurface surface;
    private final Taker taker;
    private final Map<Long, Map<String, OptionQuote>> open = new HashMap<>();
    private long slot;
    private long slotEnd;

    /** What becomes of a surface. */
    interface Taker {

        /** Takes the surface at the end of an interval, in order of time. */
        void take(long start, long end, SurfacePoint surface);
    }

    /** What became of a row. */
    enum Outcome {
        TAKEN,
        LATE,
        EARLY
    }

    /**
     * Intervals from the one that holds a time on.
     *
     * @param from in microseconds, as all times
     */
    SurfaceSlots(Cadence.Grid grid, OptionFeatures.Bounds bounds, long from, Taker taker) {
        this.grid = grid;
        this.lateness = OptionSurface.micros(bounds.lateness());
        this.skew = OptionSurface.micros(bounds.skew());
        this.surface = OptionSurface.with(bounds.settings());
        this.taker = taker;
        this.slot = grid.floor(from);
        this.slotEnd = grid.next(slot);
    }

    /** Takes a row of the underlying, which arrived after all before it. */
    Outcome accept(OptionRows rows, int row) {
        long timestamp = rows.timestamp(row);
        long arrived = rows.arrived(row);
        reach(arrived);
        if (timestamp < slot) {
            return Outcome.LATE;
        }
        if (arrived < timestamp - skew) {
            return Outcome.EARLY;
        }
        Map<String, OptionQuote> quotes = open.computeIfAbsent(grid.floor(timestamp), unseen -> new HashMap<>());
        OptionQuote quote = quotes.computeIfAbsent(rows.symbol(row), unseen -> new OptionQuote());
        if (timestamp >= quote.timestamp) {
            rows.read(row, quote);
        }
        return Outcome.TAKEN;
    }

    /** Completes what nothing can come for any more when it arrives from then on. */
    void reach(long arrival) {
        while (slotEnd <= arrival - lateness) {
            close();
        }
    }

    /** Completes the intervals that end by the time, as if nothing else arrived. */
    void closeUntil(long time) {
        while (slotEnd <= time) {
            close();
        }
    }

    private void close() {
        Map<String, OptionQuote> quotes = open.remove(slot);
        if (quotes != null) {
            quotes.forEach(surface::accept);
        }
        taker.take(slot, slotEnd, surface.at(slotEnd));
        slot = slotEnd;
        slotEnd = grid.next(slot);
    }
}
