package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Estimate;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** Rows of a range, UTC day after UTC day, each worked out by itself when it is asked for. For one thread. */
abstract class RowsByDay implements Iterator<Batch> {

    static final long DAY = 86_400_000_000L;

    final Series series;
    final Cadence.Grid grid;

    private final TimeRange slots;
    private final List<Batch> ready = new ArrayList<>();
    private long next;

    RowsByDay(Series series, TimeRange slots) {
        this.series = series;
        this.slots = slots;
        this.grid = (Cadence.Grid) series.cadence();
        this.next = slots.startMicros();
    }

    /** The rows of a part of the day that begins at a midnight. */
    abstract List<Batch> work(TimeRange part, long midnight);

    /** What reading all parts would ask for, by what each does. */
    static Estimate estimate(TimeRange slots, Function<TimeRange, Estimate> ofPart) {
        Estimate all = Estimate.unknown();
        for (long next = slots.startMicros(); next < slots.endMicros(); ) {
            TimeRange part = part(slots, next);
            next = part.endMicros();
            all = all.plus(ofPart.apply(part));
        }
        return all;
    }

    /** The midnight that the day of a part begins with. */
    static long midnight(TimeRange part) {
        return Math.floorDiv(part.startMicros(), DAY) * DAY;
    }

    private static TimeRange part(TimeRange slots, long start) {
        long midnight = Math.floorDiv(start, DAY) * DAY;
        return TimeRange.ofEpochMicros(start, Math.min(midnight + DAY, slots.endMicros()));
    }

    @Override
    public final boolean hasNext() {
        while (ready.isEmpty() && next < slots.endMicros()) {
            TimeRange part = part(slots, next);
            next = part.endMicros();
            ready.addAll(work(part, midnight(part)));
        }
        return !ready.isEmpty();
    }

    @Override
    public final Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows of " + series);
        }
        return ready.remove(0);
    }
}
