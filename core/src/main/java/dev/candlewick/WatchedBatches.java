package dev.candlewick;

import java.util.Iterator;

/** A cursor that tells the run's tally what passes through it. */
final class WatchedBatches implements Batches {

    private final Batches batches;
    private final PlannedUnit unit;
    private final RunTally tally;

    WatchedBatches(Batches batches, PlannedUnit unit, RunTally tally) {
        this.batches = batches;
        this.unit = unit;
        this.tally = tally;
        tally.reading(unit, batches.range());
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
        Iterator<Batch> iterator = batches.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public Batch next() {
                Batch batch = iterator.next();
                tally.read(unit, batches.range(), batch.rows());
                return batch;
            }
        };
    }

    @Override
    public Provenance provenance() {
        Provenance provenance = batches.provenance();
        tally.setAside(unit, batches.range(), provenance.quarantined().size());
        return provenance;
    }

    @Override
    public void close() {
        batches.close();
    }

    @Override
    public String toString() {
        return batches.toString();
    }
}
