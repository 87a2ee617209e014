package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.spi.SlotRuns;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * One pass over the rows of another cursor that makes rows on a grid of them: the frame, to which a subclass adds what
 * becomes of a batch below and what is left to give at their end. For one thread.
 */
abstract class MadeRows implements Iterator<Batch> {

    private static final int BATCH_ROWS = 8_192;

    final Batches below;
    final Series series;
    final Cadence.Grid grid;
    final BatchBuilder builder;

    private final Iterator<Batch> iterator;
    private final SlotRuns given;
    private boolean ended;

    MadeRows(Batches below, Series series) {
        this.below = below;
        this.series = series;
        this.grid = (Cadence.Grid) series.cadence();
        this.builder = new BatchBuilder(series, 1_024);
        this.iterator = below.iterator();
        this.given = new SlotRuns(grid);
    }

    /** Appends the rows that a batch completes. */
    abstract void accept(Batch batch);

    /** Appends what is left: there are no more rows below, and their provenance is known. */
    abstract void end();

    /** What is known of the rows made, once all are given. */
    abstract Provenance provenance();

    /** A cursor over the rows made; closing it closes those below. */
    final Batches over(TimeRange range) {
        return Batches.of(series, range, this, this::provenance, below::close);
    }

    /** The slots of the rows that were given so far. */
    final TimeRanges given() {
        return given.ranges();
    }

    @Override
    public final boolean hasNext() {
        while (builder.rows() < BATCH_ROWS && !ended) {
            if (iterator.hasNext()) {
                accept(iterator.next());
            } else {
                end();
                ended = true;
            }
        }
        return builder.rows() > 0;
    }

    @Override
    public final Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows of " + series);
        }
        Batch batch = builder.build();
        given.add(batch.times());
        return batch;
    }
}
