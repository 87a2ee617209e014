package dev.candlewick.feature;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.BucketGaps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** One pass over an options chain that gives a surface at the end of each interval. For one thread. */
final class SurfaceRows extends MadeRows {

    // Late rows are listed up to here and counted beyond: an outage of clocks may make millions.
    private static final int ASIDE_LISTED = 100;

    private final TimeRange range;
    private final TimeRange slots;
    private final OptionFeatures.Bounds bounds;
    private final String underlying;
    private final SurfaceSlots surfaces;
    private final List<QuarantinedRow> aside = new ArrayList<>();

    // What the chain lacks: known before its first row from a store, else at its end. Surfaces wait for that.
    private Optional<BucketGaps> missing;
    private final List<Surface> held = new ArrayList<>();

    private long asideCount;
    private long rowNumber;

    private record Surface(long start, long end, SurfacePoint point) {}

    private SurfaceRows(
            Batches chain,
            Series series,
            TimeRange range,
            TimeRange slots,
            OptionFeatures.Bounds bounds,
            Optional<List<Gap>> known) {
        super(chain, series);
        this.range = range;
        this.slots = slots;
        this.bounds = bounds;
        this.underlying = series.subject().code();
        this.surfaces = new SurfaceSlots(grid, bounds, chain.range().startMicros(), this::take);
        this.missing = known.map(this::bucketGaps);
    }

    /**
     * A cursor over the surfaces; closing it closes the chain.
     *
     * @param known what the chain lacks, where it is known beforehand
     */
    static Batches read(
            Batches chain,
            Series series,
            TimeRange range,
            TimeRange slots,
            OptionFeatures.Bounds bounds,
            Optional<List<Gap>> known) {
        return new SurfaceRows(chain, series, range, slots, bounds, known).over(range);
    }

    @Override
    void accept(Batch batch) {
        OptionRows rows = new OptionRows(batch);
        TextColumn symbols = batch.texts("symbol");
        boolean[] wanted = OptionRows.ofUnderlying(symbols, underlying);
        for (int row = 0; row < batch.rows(); row++) {
            rowNumber++;
            // A row of no interval that was asked for counts in none, however far a broken clock is ahead.
            if (wanted[symbols.code(row)] && rows.timestamp(row) < slots.endMicros()) {
                SurfaceSlots.Outcome outcome = surfaces.accept(rows, row);
                if (outcome != SurfaceSlots.Outcome.TAKEN) {
                    setAside(rows, row, outcome);
                }
            }
        }
    }

    // Rows from before the range are not late, only too old to matter.
    private void setAside(OptionRows rows, int row, SurfaceSlots.Outcome outcome) {
        if (!range.contains(TimeRange.instant(rows.timestamp(row)))) {
            return;
        }
        asideCount++;
        if (aside.size() < ASIDE_LISTED) {
            String arrived = "it arrived at " + TimeRange.instant(rows.arrived(row));
            aside.add(new QuarantinedRow(
                    below.series().toString(),
                    rowNumber,
                    "timestamp",
                    outcome == SurfaceSlots.Outcome.LATE
                            ? arrived + ", more than the lateness after the end of the interval of "
                                    + TimeRange.instant(rows.timestamp(row))
                            : arrived + ", before it happened at " + TimeRange.instant(rows.timestamp(row))
                                    + " by more than clocks may differ",
                    rows.symbol(row)));
        }
    }

    private void take(long start, long end, SurfacePoint point) {
        if (start < slots.startMicros() || start >= slots.endMicros() || point.quotes() == 0) {
            return;
        }
        Surface surface = new Surface(start, end, point);
        if (missing.isPresent()) {
            give(surface);
        } else {
            held.add(surface);
        }
    }

    @Override
    void end() {
        surfaces.closeUntil(slots.endMicros());
        if (missing.isEmpty()) {
            missing = Optional.of(bucketGaps(below.provenance().gaps()));
        }
        held.forEach(this::give);
        held.clear();
    }

    // An interval waits for all that arrives until its end and the lateness. What a hole took would have been used
    // until it
    // was stale, so intervals that end before that are left out as well.
    private BucketGaps bucketGaps(List<Gap> gaps) {
        if (bounds.boundariesAccepted()) {
            return BucketGaps.of(grid, slots, gaps, 0, 0);
        }
        long used = OptionSurface.micros(bounds.settings().staleness()) + OptionSurface.micros(bounds.skew());
        long interval = grid.next(slots.startMicros()) - slots.startMicros();
        return BucketGaps.of(grid, slots, gaps, OptionSurface.micros(bounds.lateness()), Math.max(0, used - interval));
    }

    private void give(Surface surface) {
        if (missing.orElseThrow().isWithheld(surface.start())) {
            return;
        }
        SurfacePoint point = surface.point();
        builder.time(0).append(surface.start());
        builder.time(1).append(Math.max(surface.end(), point.arrivedMicros()));
        append(2, point.atmMarkIv());
        append(3, point.skew25dPutCallRatio());
        append(4, point.riskReversal25d());
        append(5, point.fly25d());
        if (point.expiryMicros().isPresent()) {
            builder.time(6).append(point.expiryMicros().getAsLong());
        } else {
            builder.time(6).appendNull();
        }
        builder.int64(7).append(point.quotes());
        builder.int64(8).append(point.usable());
        builder.endRow();
    }

    private void append(int column, OptionalDouble value) {
        if (value.isPresent()) {
            builder.float64(column).append(value.getAsDouble());
        } else {
            builder.float64(column).appendNull();
        }
    }

    @Override
    Provenance provenance() {
        Provenance chain = below.provenance();
        Instant at =
                chain.answers().stream().map(Answer::at).max(Instant::compareTo).orElse(slots.end());
        List<Gap> gaps = missing.orElseThrow().gaps(given(), "no option of " + underlying + " had a fresh row", at);
        List<QuarantinedRow> quarantined = new ArrayList<>(chain.quarantined());
        quarantined.addAll(aside);
        if (asideCount > aside.size()) {
            quarantined.add(new QuarantinedRow(
                    below.series().toString(),
                    rowNumber,
                    "timestamp",
                    (asideCount - aside.size()) + " more rows arrived too late or too early",
                    ""));
        }
        return new Provenance(chain.source(), chain.answers(), gaps, quarantined);
    }
}
