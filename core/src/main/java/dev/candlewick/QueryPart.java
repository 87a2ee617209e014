package dev.candlewick;

import dev.candlewick.spi.SlotRuns;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** One series of a query, while its rows are given. For one thread, except {@link #close}. */
final class QueryPart implements AutoCloseable {

    private final Source source;
    private final Series asked;
    private final TimeRange range;
    private final Batches cursor;
    private final Iterator<Batch> batches;
    private final Optional<SlotRuns> slots;
    private Optional<Batch> batch = Optional.empty();
    private int row;
    private long givenUpTo;
    private boolean exhausted;

    QueryPart(Source source, Series asked, TimeRange range) {
        this.source = source;
        this.asked = asked;
        this.range = range;
        this.cursor = source.read(asked, range);
        this.batches = cursor.iterator();
        // Rows filled forward are not present, though they have a slot.
        this.slots = cursor.series().cadence() instanceof Cadence.Grid grid
                        && !cursor.series().dataset().isFilled()
                ? Optional.of(new SlotRuns(grid))
                : Optional.empty();
        this.givenUpTo = range.startMicros();
    }

    boolean hasRow() {
        while (batch.isEmpty() || row == batch.get().rows()) {
            if (!batches.hasNext()) {
                exhausted = true;
                return false;
            }
            batch = Optional.of(batches.next());
            row = 0;
        }
        return true;
    }

    /** The time of the next row; asked only when there is one. */
    long time() {
        return batch.orElseThrow().times().epochMicros(row);
    }

    /** The next rows: those before a time, but at least one. */
    Batch takeBefore(long time, long atMost) {
        Batch rows = batch.orElseThrow();
        int to = Math.max(row + 1, rows.firstRowFrom(time));
        Batch taken = rows.slice(row, (int) Math.min(to, row + atMost));
        row += taken.rows();
        slots.ifPresent(runs -> runs.add(taken.times()));
        givenUpTo = taken.times().epochMicros(taken.rows() - 1) + 1;
        return taken;
    }

    /**
     * What is known of the series, as far as every row of it was given.
     *
     * @param others the time that all series were given up to
     */
    Optional<Coverage> coverage(long others) {
        long end = exhausted ? range.endMicros() : Math.min(range.endMicros(), Math.max(givenUpTo, others));
        if (end <= range.startMicros()) {
            return Optional.empty();
        }
        TimeRange given = TimeRange.ofEpochMicros(range.startMicros(), end);
        if (source instanceof Store store) {
            return Optional.of(store.coverage(asked, given));
        }
        if (!exhausted) {
            return Optional.empty(); // the reasons for what is missing come at the end of a cursor
        }
        List<Gap> gaps = cursor.provenance().gaps();
        TimeRanges present = slots.map(SlotRuns::ranges)
                .orElse(TimeRanges.of(given)
                        .minus(TimeRanges.of(gaps.stream().map(Gap::range).toList())));
        return Optional.of(new Coverage(cursor.series(), given, present, gaps));
    }

    Series asked() {
        return asked;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
