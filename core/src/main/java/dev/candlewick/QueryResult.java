package dev.candlewick;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The rows that answer a {@link Query}, batch by batch, each batch of one series; one pass only. At its end it tells what
 * is missing and why, so that "no rows" and "not known" are different answers. Close it.
 *
 * <p>Iterating throws {@link MarketDataException} when the source fails: a result that ends normally has given every row.
 * For one thread, except {@link #close}, which any thread may call.
 */
public final class QueryResult implements Iterable<Batch>, AutoCloseable {

    private final Source source;
    private final Query query;
    // Those that were begun, in the query's order.
    private final List<QueryPart> parts = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private boolean started;
    private boolean ended;
    private boolean cut;
    private long count;
    private long lastTime = Long.MIN_VALUE;

    QueryResult(Source source, Query query) {
        this.source = source;
        this.query = query;
    }

    /** Starts the one pass; a second call is an {@link IllegalStateException}. */
    @Override
    public Iterator<Batch> iterator() {
        if (started) {
            throw new IllegalStateException(
                    "The rows of " + query + " can be iterated once; ask again for another pass");
        }
        started = true;
        if (query.isByTime()) {
            query.series().forEach(this::begin);
        }
        return new Iterator<>() {
            private Optional<QueryPart> next = Optional.empty();

            @Override
            public boolean hasNext() {
                if (!ended && next.isEmpty()) {
                    next = query.isByTime() ? earliest() : following();
                    cut = next.isPresent() && count == query.most();
                    ended = next.isEmpty() || cut;
                }
                return !ended;
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("No more rows of " + query);
                }
                QueryPart part = next.orElseThrow();
                next = Optional.empty();
                Batch batch =
                        part.takeBefore(query.isByTime() ? turnOfOthers(part) : Long.MAX_VALUE, query.most() - count);
                count += batch.rows();
                lastTime = batch.times().epochMicros(batch.rows() - 1);
                return batch;
            }
        };
    }

    /** Rows given so far. */
    public long rows() {
        return count;
    }

    /** Whether the limit cut rows off. Known once the iterator is exhausted. */
    public boolean isCut() {
        requireEnd();
        return cut;
    }

    /**
     * What is present and what is missing, by the series that were asked for, in the order of the query. Where the limit
     * cut rows off, only of the part that every row was given of; a series that was not reached is not there.
     *
     * <p>Of a store it is what the ledger says. Of another source it is what rows came, and the reasons that it gave: where
     * the limit cut in, it gave none, and the series is not there. A row that was filled forward counts as missing.
     *
     * @throws IllegalStateException when the iterator is not exhausted yet
     */
    public Map<Series, Coverage> coverage() {
        requireEnd();
        Map<Series, Coverage> coverage = new LinkedHashMap<>();
        for (QueryPart part : parts) {
            part.coverage(query.isByTime() ? lastTime : Long.MIN_VALUE)
                    .ifPresent(known -> coverage.put(part.asked(), known));
        }
        return Collections.unmodifiableMap(coverage);
    }

    /** Whether nothing is missing of what was asked for. Known once the iterator is exhausted. */
    public boolean isComplete() {
        return !isCut() && coverage().values().stream().allMatch(Coverage::isComplete);
    }

    /** Ends the reading; calling it twice does nothing. */
    @Override
    public void close() {
        closed = true;
        parts.forEach(QueryPart::close);
    }

    @Override
    public String toString() {
        return query + " on " + source.name() + ", " + Words.count(count, "row") + " so far";
    }

    private void begin(Series series) {
        if (closed) {
            throw new Cancelled("Reading " + query + " was closed before its end");
        }
        parts.add(new QueryPart(source, series, query.range()));
    }

    /** The series whose rows come now when one follows the other. */
    private Optional<QueryPart> following() {
        while (true) {
            if (!parts.isEmpty() && parts.get(parts.size() - 1).hasRow()) {
                return Optional.of(parts.get(parts.size() - 1));
            }
            if (parts.size() == query.series().size()) {
                return Optional.empty();
            }
            begin(query.series().get(parts.size()));
        }
    }

    /** The series with the earliest row; of rows of one instant the series that was given first. */
    private Optional<QueryPart> earliest() {
        @Nullable QueryPart earliest = null;
        for (QueryPart part : parts) {
            if (part.hasRow() && (earliest == null || part.time() < earliest.time())) {
                earliest = part;
            }
        }
        return Optional.ofNullable(earliest);
    }

    /** The time of the first row that is not this series' turn. */
    private long turnOfOthers(QueryPart mine) {
        long turn = Long.MAX_VALUE;
        boolean before = true;
        for (QueryPart part : parts) {
            if (part == mine) {
                before = false;
            } else if (part.hasRow()) {
                // A series that was given later waits for this one's rows of the same instant, too.
                turn = Math.min(turn, before || part.time() == Long.MAX_VALUE ? part.time() : part.time() + 1);
            }
        }
        return turn;
    }

    private void requireEnd() {
        if (!ended) {
            throw new IllegalStateException("What is missing of " + query + " is known once all rows have been read");
        }
    }
}
