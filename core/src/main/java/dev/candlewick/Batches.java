package dev.candlewick;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * A cursor over one series' rows in a range, batch by batch in time order; one pass only. Close it, best in a {@code try}
 * statement.
 *
 * <pre>{@code
 * try (Batches batches = source.read(series, TimeRange.day("2024-01-01"))) {
 *     for (Batch batch : batches) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>Iterating blocks while the source fetches and throws {@link MarketDataException} when it fails: a cursor that ends
 * normally has delivered everything there is. For one thread, except {@link #close}, which any thread may call: a blocked
 * iterator then ends with {@link Cancelled}, as it does when its thread is interrupted.
 */
public interface Batches extends Iterable<Batch>, AutoCloseable {

    /** Whose rows these are. */
    Series series();

    /** The range that was asked for. */
    TimeRange range();

    /** Starts the one pass; a second call is an {@link IllegalStateException}. */
    @Override
    Iterator<Batch> iterator();

    /**
     * What answered, and which stretches are proven empty. Known once the iterator is exhausted; asking earlier is an
     * {@link IllegalStateException}.
     */
    Provenance provenance();

    /** Ends the reading and frees what it holds; calling it twice does nothing. */
    @Override
    void close();

    /**
     * This cursor, ending after so many rows: for looking at a few. Where that cuts rows off, {@link #provenance} is an
     * {@link IllegalStateException}, so that a sink refuses to take the part for the whole.
     *
     * @param rows 0 or more
     */
    default Batches limit(long rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("A limit is 0 rows or more, not " + rows);
        }
        return new LimitedBatches(this, rows);
    }

    /** A cursor over batches in memory, in time order. */
    static Batches of(Series series, TimeRange range, List<Batch> batches, Provenance provenance) {
        return of(series, range, batches.iterator(), () -> provenance, () -> {});
    }

    /**
     * A cursor over an iterator that fetches lazily.
     *
     * @param provenance asked once the iterator is exhausted
     * @param close called once, from any thread
     */
    static Batches of(
            Series series, TimeRange range, Iterator<Batch> batches, Supplier<Provenance> provenance, Runnable close) {
        return new IteratedBatches(series, range, batches, provenance, close);
    }
}
