package dev.candlewick.tick;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Another cursor's rows in batches of at most so many. */
final class ChunkedBatches implements Batches {

    private final Batches rows;
    private final int most;

    ChunkedBatches(Batches rows, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("A chunk has 1 row or more, not " + most);
        }
        this.rows = rows;
        this.most = most;
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
        Iterator<Batch> whole = rows.iterator();
        return new Iterator<>() {
            private @Nullable Batch batch;
            private int from;

            @Override
            public boolean hasNext() {
                while (batch == null || from == batch.rows()) {
                    if (!whole.hasNext()) {
                        return false;
                    }
                    batch = whole.next();
                    from = 0;
                }
                return true;
            }

            @Override
            public Batch next() {
                if (!hasNext() || batch == null) {
                    throw new NoSuchElementException("No more rows of " + series());
                }
                int to = Math.min(batch.rows(), from + most);
                Batch chunk = batch.slice(from, to);
                from = to;
                return chunk;
            }
        };
    }

    @Override
    public Provenance provenance() {
        return rows.provenance();
    }

    @Override
    public void close() {
        rows.close();
    }

    @Override
    public String toString() {
        return rows + ", at most " + most + " rows at once";
    }
}
