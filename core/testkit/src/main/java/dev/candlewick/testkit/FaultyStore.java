package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.WriteResult;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A store whose commits go wrong on purpose, in the order told; everything else passes through. Safe for many threads. */
public final class FaultyStore extends ForwardingStore {

    /** What happens to a commit. */
    public enum Fault {
        /** It fails and nothing is written. */
        DIES_BEFORE,
        /** Everything is written and then it fails. */
        DIES_AFTER,
        /** Nothing is written, and nobody knows. */
        UNCONFIRMED_BEFORE,
        /** Everything is written, and nobody knows. */
        UNCONFIRMED_AFTER
    }

    private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();

    private FaultyStore(Store store) {
        super(store);
    }

    /** A store that works until told otherwise. */
    public static FaultyStore over(Store store) {
        return new FaultyStore(store);
    }

    /** Lets the next commit that has no fault yet go wrong. */
    public FaultyStore nextCommit(Fault fault) {
        faults.add(fault);
        return this;
    }

    @Override
    public SinkWriter open(Series series, TimeRange range) {
        SinkWriter writer = super.open(series, range);
        return new SinkWriter() {
            @Override
            public void append(Batch batch) {
                writer.append(batch);
            }

            @Override
            public WriteResult commit(Provenance provenance) {
                Fault fault = faults.poll();
                if (fault == null) {
                    return writer.commit(provenance);
                }
                if (fault == Fault.DIES_AFTER || fault == Fault.UNCONFIRMED_AFTER) {
                    writer.commit(provenance);
                }
                String message = "Commit of " + series + " over " + range + " met " + fault;
                throw fault == Fault.UNCONFIRMED_AFTER || fault == Fault.UNCONFIRMED_BEFORE
                        ? new Unconfirmed(message)
                        : new Unavailable(message);
            }

            @Override
            public void close() {
                writer.close();
            }
        };
    }

    @Override
    public void close() {
        store().close();
    }
}
