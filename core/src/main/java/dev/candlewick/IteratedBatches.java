package dev.candlewick;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The one-pass cursor over an iterator: guards the pass, the closing, and the moment when provenance is known. */
final class IteratedBatches implements Batches {

    private final Series series;
    private final TimeRange range;
    private final Iterator<Batch> batches;
    private final Supplier<Provenance> provenance;
    private final Runnable close;
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean started;
    private boolean exhausted;

    IteratedBatches(
            Series series, TimeRange range, Iterator<Batch> batches, Supplier<Provenance> provenance, Runnable close) {
        this.series = series;
        this.range = range;
        this.batches = batches;
        this.provenance = provenance;
        this.close = close;
    }

    @Override
    public Series series() {
        return series;
    }

    @Override
    public TimeRange range() {
        return range;
    }

    @Override
    public Iterator<Batch> iterator() {
        if (started) {
            throw new IllegalStateException(
                    "Batches of " + series + " can be iterated once; read again for another pass");
        }
        started = true;
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (closed.get()) {
                    throw new Cancelled("Reading " + series + " over " + range + " was closed before its end");
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new Cancelled("Reading " + series + " over " + range + " was interrupted");
                }
                boolean more = batches.hasNext();
                exhausted |= !more;
                return more;
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("No more batches of " + series);
                }
                return batches.next();
            }
        };
    }

    @Override
    public Provenance provenance() {
        if (!exhausted) {
            throw new IllegalStateException(
                    "Where the rows of " + series + " came from is known once all batches have been read");
        }
        return provenance.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            close.run();
        }
    }

    @Override
    public String toString() {
        return "Batches of " + series + " over " + range;
    }
}
