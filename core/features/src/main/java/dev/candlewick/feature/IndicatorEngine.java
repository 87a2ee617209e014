package dev.candlewick.feature;

import dev.candlewick.Cadence;
import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Indicators bar by bar, as they close: the same code that {@link Indicators} reads history with, so live rows equal those
 * made later.
 *
 * <pre>{@code
 * IndicatorEngine engine = IndicatorEngine.of(IndicatorSet.MFT, Interval.parse("1m"), MissingBars.FILL_FORWARD);
 * engine.next(bar, row -> use(row.value("rsi_14")));
 * }</pre>
 *
 * <p>A row depends on the bars since its anchor (see {@link Indicators}); an engine that is to say the same as history is
 * fed from {@link #firstBarFor} on. For one thread.
 */
public final class IndicatorEngine {

    private final IndicatorSet set;
    private final Cadence.Grid grid;
    private final MissingBars missing;
    private final IndicatorAnchor anchor;
    // With one anchor for all rows there is no next period to warm up for.
    private final boolean periodsFollow;

    private IndicatorLane current;
    // Begun with the current period: it will be the current one in the next.
    private IndicatorLane warming;
    private long periodEnd = Long.MIN_VALUE;
    private long nextSlot = Long.MIN_VALUE;

    private IndicatorEngine(IndicatorSet set, Interval interval, MissingBars missing, IndicatorAnchor anchor) {
        this.set = set;
        this.grid = (Cadence.Grid) Cadence.every(interval);
        this.missing = missing;
        this.anchor = anchor;
        this.periodsFollow = anchor instanceof IndicatorAnchor.UnitBefore;
        this.current = new IndicatorLane(set);
        this.warming = new IndicatorLane(set);
    }

    /** An engine before its first bar, with the interval's own anchors. */
    public static IndicatorEngine of(IndicatorSet set, Interval interval, MissingBars missing) {
        return new IndicatorEngine(set, interval, missing, IndicatorAnchor.of(interval));
    }

    /** An engine before its first bar, with one anchor for all rows; bars before it are passed over. */
    public static IndicatorEngine since(Instant anchor, IndicatorSet set, Interval interval, MissingBars missing) {
        return new IndicatorEngine(set, interval, missing, new IndicatorAnchor.Fixed(anchor));
    }

    static IndicatorEngine anchored(IndicatorSet set, Interval interval, MissingBars missing, IndicatorAnchor anchor) {
        return new IndicatorEngine(set, interval, missing, anchor);
    }

    /** From which instant on bars are needed so that the row of a bar says what history says. */
    public Instant firstBarFor(Instant time) {
        return anchor.first(anchor.period(time));
    }

    /**
     * Takes the next closed bar and gives its row, after those of bars that are missing before it where these are filled.
     *
     * @throws IllegalArgumentException when the bar does not open on the grid or not after the one before
     */
    public void next(Bar bar, Consumer<IndicatorRow> rows) {
        if (anchorIsLater(bar.startMicros())) {
            return;
        }
        skipTo(bar.startMicros(), rows);
        enter(bar.startMicros());
        if (periodsFollow) {
            warming.next(bar);
        }
        rows.accept(current.next(bar));
        nextSlot = grid.next(bar.startMicros());
    }

    /**
     * Says that nothing was traded in a slot: a bar is filled in at once, or everything is forgotten, as it was chosen.
     *
     * @param startMicros when the slot began, in microseconds since the epoch
     */
    public void nextEmpty(long startMicros, Consumer<IndicatorRow> rows) {
        if (anchorIsLater(startMicros)) {
            return;
        }
        skipTo(startMicros, rows);
        if (missing == MissingBars.FILL_FORWARD) {
            fill(startMicros, rows);
        }
        // Otherwise the slot stays the next one, and the bar after it finds it missing.
    }

    private boolean anchorIsLater(long start) {
        return anchor instanceof IndicatorAnchor.Fixed fixed
                && TimeRange.instant(start).isBefore(fixed.first());
    }

    private void skipTo(long start, Consumer<IndicatorRow> rows) {
        if (grid.floor(start) != start || start < nextSlot) {
            throw new IllegalArgumentException("A bar of " + grid + " cannot open at " + TimeRange.instant(start)
                    + (start < nextSlot
                            ? ": the next one opens at " + TimeRange.instant(nextSlot) + " or later"
                            : ": the one around it opens at " + TimeRange.instant(grid.floor(start))));
        }
        if (nextSlot == Long.MIN_VALUE || nextSlot == start) {
            return;
        }
        if (missing == MissingBars.RESTART) {
            current = new IndicatorLane(set);
            warming = new IndicatorLane(set);
        } else {
            while (nextSlot < start) {
                fill(nextSlot, rows);
            }
        }
    }

    private void fill(long start, Consumer<IndicatorRow> rows) {
        enter(start);
        nextSlot = grid.next(start);
        if (periodsFollow) {
            warming.nextEmpty(start, nextSlot);
        }
        current.nextEmpty(start, nextSlot).ifPresent(rows);
    }

    // Periods follow each other without a hole, for holes are filled; where everything was forgotten, both lanes are
    // new.
    private void enter(long start) {
        if (start < periodEnd) {
            return;
        }
        TimeRange period = anchor.period(TimeRange.instant(start));
        if (periodEnd == period.startMicros()) {
            current = warming;
        } else if (periodEnd != Long.MIN_VALUE) {
            current = new IndicatorLane(set);
        }
        warming = new IndicatorLane(set);
        periodEnd = period.endMicros();
    }
}
