package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Estimate;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source whose reads go wrong on purpose, or wait; everything else passes through. Safe for many threads once it is set
 * up.
 */
public final class FaultySource implements Source {

    /** What happens before a batch is handed on: a pause, a latch, a count. */
    @FunctionalInterface
    public interface BeforeBatch {

        /** Called on the reader's thread. */
        void run();
    }

    private final Source source;
    private final Map<Integer, RuntimeException> failingReads = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile BeforeBatch before = () -> {};
    private volatile long rowsAlive = Long.MAX_VALUE;
    private volatile RuntimeException death = new IllegalStateException("This source was not told to die");

    private FaultySource(Source source) {
        this.source = source;
    }

    /** A source that works until told otherwise. */
    public static FaultySource over(Source source) {
        return new FaultySource(source);
    }

    /** Throws at the n-th read, counted from 1. */
    public FaultySource failingRead(int number, RuntimeException failure) {
        failingReads.put(number, failure);
        return this;
    }

    /** Lets every read give that many rows, and then throw: an answer torn off half way. */
    public FaultySource dyingAfterRows(long rows, RuntimeException failure) {
        death = failure;
        rowsAlive = rows;
        return this;
    }

    /** Does something before every batch: waits, counts, interrupts. */
    public FaultySource beforeEveryBatch(BeforeBatch action) {
        before = action;
        return this;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return source.serves(series);
    }

    @Override
    public String refusal(Series series) {
        return source.refusal(series);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return source.estimate(series, range);
    }

    @Override
    public OptionalLong weightPerMinute(String lane) {
        return source.weightPerMinute(lane);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        RuntimeException failure = failingReads.get(reads.incrementAndGet());
        if (failure != null) {
            throw failure;
        }
        Batches below = source.read(series, range);
        return Batches.of(series, range, new Torn(below.iterator()), below::provenance, below::close);
    }

    @Override
    public void close() {
        source.close();
    }

    private final class Torn implements Iterator<Batch> {

        private final Iterator<Batch> batches;
        private long left = rowsAlive;

        Torn(Iterator<Batch> batches) {
            this.batches = batches;
        }

        @Override
        public boolean hasNext() {
            if (left == 0) {
                throw death;
            }
            return batches.hasNext();
        }

        @Override
        public Batch next() {
            before.run();
            Batch batch = batches.next();
            Batch alive = batch.slice(0, (int) Math.min(batch.rows(), left));
            left -= alive.rows();
            return alive;
        }
    }
}
