package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.WriteGroup;
import dev.candlewick.WriteResult;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * A store whose commits, of single writes and of whole groups, go wrong on purpose, in the order told; everything else
 * passes through. Safe for many threads.
 */
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
                return faulty("Commit of " + series + " over " + range, () -> writer.commit(provenance));
            }

            @Override
            public void close() {
                writer.close();
            }
        };
    }

    @Override
    public Optional<WriteGroup> group() {
        return super.group().map(Group::new);
    }

    @Override
    public void close() {
        store().close();
    }

    private <T> T faulty(String what, Supplier<T> commit) {
        Fault fault = faults.poll();
        if (fault == null) {
            return commit.get();
        }
        if (fault == Fault.DIES_AFTER || fault == Fault.UNCONFIRMED_AFTER) {
            var unused = commit.get(); // written, and nobody hears of it
        }
        String message = what + " met " + fault;
        throw fault == Fault.UNCONFIRMED_AFTER || fault == Fault.UNCONFIRMED_BEFORE
                ? new Unconfirmed(message)
                : new Unavailable(message);
    }

    private final class Group implements WriteGroup {

        private final WriteGroup group;

        Group(WriteGroup group) {
            this.group = group;
        }

        @Override
        public void add(Batches batches) {
            group.add(batches);
        }

        @Override
        public int size() {
            return group.size();
        }

        @Override
        public boolean isFull() {
            return group.isFull();
        }

        @Override
        public List<Outcome> commit() {
            return faulty("Commit of a group of " + size() + " writes", group::commit);
        }

        @Override
        public void close() {
            group.close();
        }
    }
}
