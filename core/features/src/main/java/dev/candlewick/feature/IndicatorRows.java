package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** One pass over bars that gives their indicators. For one thread. */
final class IndicatorRows extends MadeRows {

    private static final Set<GapReason> NOTHING_TRADED = EnumSet.of(GapReason.CONFIRMED_EMPTY, GapReason.VENUE_OUTAGE);
    private static final int FIRST_VALUE = 3;

    private final TimeRange range;
    private final IndicatorEngine engine;
    private final int columns;
    private final Supplier<List<Gap>> missing;

    private final List<QuarantinedRow> quarantined = new ArrayList<>();
    private long nextSlot;

    private IndicatorRows(
            Batches bars,
            Series series,
            TimeRange range,
            IndicatorSet set,
            IndicatorEngine engine,
            Supplier<List<Gap>> missing) {
        super(bars, series);
        this.range = range;
        this.engine = engine;
        this.columns = set.indicators().size();
        this.missing = missing;
        this.nextSlot = grid.ceiling(bars.range().startMicros());
    }

    /** A cursor over the indicators; closing it closes the bars. */
    static Batches read(
            Batches bars,
            Series series,
            TimeRange range,
            IndicatorSet set,
            IndicatorEngine engine,
            Supplier<List<Gap>> missing) {
        return new IndicatorRows(bars, series, range, set, engine, missing).over(range);
    }

    @Override
    void accept(Batch batch) {
        BarReader reader = new BarReader(batch, grid);
        for (int row = 0; row < batch.rows(); row++) {
            long start = reader.start(row);
            if (start < nextSlot) {
                setAside(batch, row);
                continue;
            }
            if (reader.isTraded(row)) {
                engine.next(reader.bar(row), this::append);
            } else {
                engine.nextEmpty(start, this::append);
            }
            nextSlot = grid.next(start);
        }
    }

    // Venues have published candles that open off the grid; one such stands for its slot, a second is one too many.
    private void setAside(Batch batch, int row) {
        quarantined.add(new QuarantinedRow(
                batch.series().toString(),
                row + 1L,
                batch.series().schema().time(),
                "a second bar in the slot before " + TimeRange.instant(nextSlot),
                batch.times().text(row)));
    }

    // What follows the last bar is not told by a later one; only who proves that nothing was traded lets it be filled.
    @Override
    void end() {
        TimeRanges empty = TimeRanges.of(missing.get().stream()
                .filter(gap -> NOTHING_TRADED.contains(gap.reason()))
                .map(Gap::range)
                .toList());
        while (nextSlot < range.endMicros() && empty.contains(TimeRange.instant(nextSlot))) {
            engine.nextEmpty(nextSlot, this::append);
            nextSlot = grid.next(nextSlot);
        }
    }

    private void append(IndicatorRow row) {
        if (row.startMicros() < range.startMicros() || row.startMicros() >= range.endMicros()) {
            return;
        }
        builder.time(0).append(row.startMicros());
        builder.time(1).append(row.availableMicros());
        builder.bool(2).append(row.isFilled());
        for (int i = 0; i < columns; i++) {
            double value = row.value(i);
            if (Double.isFinite(value)) {
                builder.float64(FIRST_VALUE + i).append(value + 0.0); // no negative zero
            } else {
                builder.float64(FIRST_VALUE + i).appendNull();
            }
        }
        builder.endRow();
    }

    // A bar that is missing and was filled is a row like any other: the flag says it.
    @Override
    Provenance provenance() {
        Provenance bars = below.provenance();
        List<Gap> gaps = new ArrayList<>();
        for (Gap gap : missing.get()) {
            gap.range().intersection(range).stream()
                    .flatMap(inside -> TimeRanges.of(inside).minus(given()).asList().stream())
                    .map(gap::over)
                    .forEach(gaps::add);
        }
        return new Provenance(bars.source(), bars.answers(), gaps, bars.quarantined())
                .plus(new Provenance("", List.of(), List.of(), quarantined));
    }
}
