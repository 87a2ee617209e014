package dev.candlewick;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** A cursor that ends after so many rows of another. */
final class LimitedBatches implements Batches {

    private final Batches batches;
    private final long limit;
    private boolean cut;

    LimitedBatches(Batches batches, long limit) {
        this.batches = batches;
        this.limit = limit;
    }

    @Override
    public Series series() {
        return batches.series();
    }

    @Override
    public TimeRange range() {
        return batches.range();
    }

    @Override
    public Iterator<Batch> iterator() {
        Iterator<Batch> rows = batches.iterator();
        return new Iterator<>() {
            private long left = limit;

            @Override
            public boolean hasNext() {
                // Looked at also when no row is left to give: whether there are more decides what is known at the end.
                boolean more = rows.hasNext();
                cut |= more && left == 0;
                return more && left > 0;
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("No more batches of " + series() + " within the limit");
                }
                Batch batch = rows.next();
                if (batch.rows() > left) {
                    cut = true;
                    batch = batch.slice(0, (int) left);
                }
                left -= batch.rows();
                return batch;
            }
        };
    }

    @Override
    public Provenance provenance() {
        if (cut) {
            throw new IllegalStateException(
                    "Only the first " + Words.count(limit, "row") + " of " + series() + " over " + range()
                            + " were read, so nothing is known of the rest; they cannot be written as if they were all");
        }
        return batches.provenance();
    }

    @Override
    public void close() {
        batches.close();
    }

    @Override
    public String toString() {
        return batches + ", at most " + Words.count(limit, "row");
    }
}
