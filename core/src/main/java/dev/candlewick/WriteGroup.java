package dev.candlewick;

import java.util.List;
import java.util.Optional;

/**
 * Writes that a store makes visible together, for stores in which a commit is dear: a load job, a transaction of a
 * warehouse. Each write stays all or nothing by itself, and is settled by itself when the outcome is unknown; only the
 * steps of the store are shared.
 *
 * <pre>{@code
 * try (WriteGroup group = store.group().orElseThrow()) {
 *     for (Series one : series) {
 *         group.add(source.read(one, january));
 *     }
 *     group.commit().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Safe for many threads until {@link #commit()}, which is called once, after every {@link #add} has returned.
 */
public interface WriteGroup extends AutoCloseable {

    /**
     * Takes everything the cursor gives, with its provenance, and closes the cursor whatever happens. Nothing is visible
     * yet. What fails here is thrown here, and nothing of it is in the group.
     *
     * @throws IllegalArgumentException when the range shares a calendar unit with a write that the group has already
     * @throws Refused when a value is one that this store cannot hold; the message names the row and the column
     */
    void add(Batches batches);

    /** How many writes it has. */
    int size();

    /** Whether the store would rather see this committed, and the next write in another group. */
    boolean isFull();

    /**
     * Makes the writes visible.
     *
     * @return what became of each, in the order of series and range; failures of one do not keep the others from it
     */
    List<Outcome> commit();

    /** Drops whatever was not committed. */
    @Override
    void close();

    /**
     * What became of a write.
     *
     * @param series whose rows
     * @param range where
     * @param result what the commit did; empty when it failed
     * @param failure why it failed; {@link Unconfirmed} when nobody knows whether it did
     */
    record Outcome(
            Series series, TimeRange range, Optional<WriteResult> result, Optional<MarketDataException> failure) {

        /** Checks that it is one or the other. */
        public Outcome {
            if (result.isPresent() == failure.isPresent()) {
                throw new IllegalArgumentException("A write of " + series + " either has a result or failed");
            }
        }

        /** It went well. */
        public static Outcome done(Series series, TimeRange range, WriteResult result) {
            return new Outcome(series, range, Optional.of(result), Optional.empty());
        }

        /** It went wrong. */
        public static Outcome failed(Series series, TimeRange range, MarketDataException failure) {
            return new Outcome(series, range, Optional.empty(), Optional.of(failure));
        }

        @Override
        public String toString() {
            return series + " over " + range + ": "
                    + result.map(WriteResult::toString)
                            .orElseGet(() -> failure.map(Throwable::toString).orElse(""));
        }
    }
}
