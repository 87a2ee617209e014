package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.spi.SlotRuns;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;

/** One pass over bars that gives their indicators. For one thread. */
final class IndicatorRows implements Iterator<Batch> {

    private static final int BATCH_ROWS = 8_192;
    private static final Set<GapReason> NOTHING_TRADED = EnumSet.of(GapReason.CONFIRMED_EMPTY, GapReason.VENUE_OUTAGE);
    private static final int FIRST_VALUE = 3;

    private final Batches bars;
    private final Iterator<Batch> iterator;
    private final Series series;
    private final TimeRange range;
    private final Cadence.Grid grid;
    private final IndicatorEngine engine;
    private final int columns;
    private final Supplier<List<Gap>> missing;
    private final BatchBuilder builder;
    private final SlotRuns given;

    private final List<QuarantinedRow> quarantined = new ArrayList<>();
    private long nextSlot;
    private boolean ended;

    private IndicatorRows(
            Batches bars,
            Series series,
            TimeRange range,
            IndicatorSet set,
            IndicatorEngine engine,
            Supplier<List<Gap>> missing) {
        this.bars = bars;
        this.iterator = bars.iterator();
        this.series = series;
        this.range = range;
        this.grid = (Cadence.Grid) series.cadence();
        this.engine = engine;
        this.columns = set.indicators().size();
        this.missing = missing;
        this.builder = new BatchBuilder(series, 1_024);
        this.given = new SlotRuns(grid);
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
        IndicatorRows rows = new IndicatorRows(bars, series, range, set, engine, missing);
        return Batches.of(series, range, rows, rows::provenance, bars::close);
    }

    @Override
    public boolean hasNext() {
        while (builder.rows() < BATCH_ROWS && !ended) {
            if (iterator.hasNext()) {
                accept(iterator.next());
            } else {
                fillToTheEnd();
                ended = true;
            }
        }
        return builder.rows() > 0;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows of " + series);
        }
        Batch batch = builder.build();
        TimeColumn starts = batch.times();
        given.add(starts);
        return batch;
    }

    private void accept(Batch batch) {
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
    private void fillToTheEnd() {
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
    private Provenance provenance() {
        Provenance below = bars.provenance();
        List<Gap> gaps = new ArrayList<>();
        for (Gap gap : missing.get()) {
            gap.range().intersection(range).stream()
                    .flatMap(inside -> TimeRanges.of(inside).minus(given.ranges()).asList().stream())
                    .map(gap::over)
                    .forEach(gaps::add);
        }
        return new Provenance(below.source(), below.answers(), gaps, below.quarantined())
                .plus(new Provenance("", List.of(), List.of(), quarantined));
    }
}
