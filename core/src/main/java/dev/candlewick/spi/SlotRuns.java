package dev.candlewick.spi;

import dev.candlewick.Cadence;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.util.ArrayList;
import java.util.List;

/** Gathers the grid slots that rows fall into, as runs of adjoining slots: what a set of rows covers. For one thread. */
public final class SlotRuns {

    private final Cadence.Grid grid;
    private final List<TimeRange> ended = new ArrayList<>();
    // The run that is still growing; none while the start is after the end.
    private long runStart = Long.MAX_VALUE;
    private long runEnd = Long.MIN_VALUE;
    private long slotStart = Long.MAX_VALUE;

    /** Starts with no slots. */
    public SlotRuns(Cadence.Grid grid) {
        this.grid = grid;
    }

    /** Takes the times of rows, ascending, after those before. */
    public void add(TimeColumn times) {
        for (int row = 0; row < times.size(); row++) {
            add(times.epochMicros(row));
        }
    }

    /** The slots so far. */
    public TimeRanges ranges() {
        List<TimeRange> all = new ArrayList<>(ended);
        if (runStart < runEnd) {
            all.add(TimeRange.ofEpochMicros(runStart, runEnd));
        }
        return TimeRanges.of(all);
    }

    /** Takes the time of one row, in microseconds, after those before. */
    public void add(long time) {
        if (time < runEnd && time >= slotStart) {
            return; // a second, off-grid row in a slot that is covered already
        }
        long open = grid.floor(time);
        if (open != runEnd) {
            if (runStart < runEnd) {
                ended.add(TimeRange.ofEpochMicros(runStart, runEnd));
            }
            runStart = open;
        }
        slotStart = open;
        runEnd = grid.next(open);
    }
}
