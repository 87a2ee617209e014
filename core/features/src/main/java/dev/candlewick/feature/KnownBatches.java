package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;

/** The rows of another cursor that were available at an instant. */
final class KnownBatches implements Batches {

    private final Batches rows;
    private final Instant knownAt;

    KnownBatches(Batches rows, Instant knownAt) {
        this.rows = rows;
        this.knownAt = knownAt;
    }

    @Override
    public Series series() {
        return rows.series();
    }

    @Override
    public TimeRange range() {
        return rows.range();
    }

    @Override
    public Iterator<Batch> iterator() {
        Iterator<Batch> all = rows.iterator();
        return new Iterator<>() {
            private final Queue<Batch> known = new ArrayDeque<>();

            @Override
            public boolean hasNext() {
                while (known.isEmpty() && all.hasNext()) {
                    select(all.next(), known);
                }
                return !known.isEmpty();
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("No more rows of " + series() + " known at " + knownAt);
                }
                return known.remove();
            }
        };
    }

    /** Puts the stretches of rows that were available into {@code known}: one, unless rows became available out of order. */
    private void select(Batch batch, Queue<Batch> known) {
        TimeColumn available = batch.times("available_at");
        for (int from = 0; from < batch.rows(); ) {
            int to = from;
            while (to < batch.rows() && isKnown(available, to)) {
                to++;
            }
            if (to > from) {
                known.add(batch.slice(from, to));
            }
            from = to + 1;
        }
    }

    private boolean isKnown(TimeColumn available, int row) {
        return !TimeRange.instant(available.epochMicros(row)).isAfter(knownAt);
    }

    @Override
    public Provenance provenance() {
        throw new IllegalStateException("Only what was known at " + knownAt + " of " + series() + " over " + range()
                + " was read; it cannot be written as if it were all");
    }

    @Override
    public void close() {
        rows.close();
    }

    @Override
    public String toString() {
        return rows + ", as known at " + knownAt;
    }
}
