package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.spi.LateRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an underlying's options say at the end of each bucket, as their rows arrive. For one thread. */
final class LiveOptions {

    private final Series chain;
    private final String underlying;
    private final Cadence.Grid grid;
    private final OptionFeatures.Bounds bounds;
    private final Surfaces surfaces = Surfaces.none();
    private final LateRows late;
    private @Nullable SurfaceSlots slots;
    private long rows;

    LiveOptions(Subject underlying, Cadence.Grid grid, OptionFeatures.Bounds bounds) {
        this.chain = OptionFeatures.chain(underlying);
        this.underlying = underlying.code();
        this.grid = grid;
        this.bounds = bounds;
        this.late = new LateRows(chain);
    }

    /** Whether these are rows of the chain. */
    boolean areChain(Batch ticks) {
        return ticks.series().equals(chain);
    }

    /** Which entries of a batch's symbols are options of the underlying. */
    boolean[] wanted(Batch ticks) {
        return OptionRows.ofUnderlying(ticks.texts("symbol"), underlying);
    }

    /** Takes a row that arrived now. */
    void accept(OptionRows options, int row, boolean[] wanted) {
        rows++;
        if (wanted[options.symbolCode(row)]
                && slots(options.arrived(row)).accept(options, row) != SurfaceSlots.Outcome.TAKEN) {
            late.add(rows, options.timestamp(row), options.arrived(row));
        }
    }

    /** Makes the surfaces that are complete when something arrives now, and forgets those before the earliest open bucket. */
    void reach(long arrival, long earliestOpen) {
        slots(arrival).reach(arrival);
        surfaces.forgetBefore(earliestOpen);
    }

    Surfaces surfaces() {
        return surfaces;
    }

    List<QuarantinedRow> late() {
        return late.rows();
    }

    // From the first interval that something which arrives now can be in time for.
    private SurfaceSlots slots(long arrival) {
        SurfaceSlots known = slots;
        if (known == null) {
            long first = arrival - OptionSurface.micros(bounds.lateness());
            known = new SurfaceSlots(grid, bounds, first, surfaces::add);
            slots = known;
        }
        return known;
    }
}
