package dev.candlewick;

import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cursor that tells the run's tally what passes through it. */
final class WatchedBatches implements Batches {

    private final Batches batches;
    private final PlannedUnit unit;
    private final RunTally tally;
    private volatile @Nullable Refused refusal;

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
        Iterator<Batch> iterator = heard(batches::iterator);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return heard(iterator::hasNext);
            }

            @Override
            public Batch next() {
                Batch batch = heard(iterator::next);
                tally.read(unit, batches.range(), batch.rows());
                return batch;
            }
        };
    }

    /** Whether it was the source that refused, not the store that the rows go to. */
    boolean refusedWith(Refused wrong) {
        return wrong == refusal;
    }

    private <T> T heard(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (Refused wrong) {
            refusal = wrong;
            throw wrong;
        }
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
