package dev.candlewick.book;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Estimate;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;

/** A source whose next read ends in an error after its first batch, when told so; with {@code serves} of one series. */
public final class FailingOnce implements Source {

    private final Source source;
    private final Series served;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** A source of one series that works until told otherwise. */
    public FailingOnce(Source source, Series served) {
        this.source = source;
        this.served = served;
    }

    /** Makes the next read fail. */
    public void failNextRead() {
        failing.set(true);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return series.equals(served);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        Batches batches = source.read(series, range);
        Iterator<Batch> rows = batches.iterator();
        boolean fails = failing.getAndSet(false);
        Iterator<Batch> cut = new Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                if (fails && given == 1) {
                    throw new Unavailable("the connection was lost");
                }
                return rows.hasNext();
            }

            @Override
            public Batch next() {
                given++;
                return rows.next();
            }
        };
        return Batches.of(series, range, cut, batches::provenance, batches::close);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return source.estimate(series, range);
    }
}
