package dev.candlewick;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * A question for rows of one or several series over a range, asked of any source.
 *
 * <pre>{@code
 * Query query = Query.of(List.of(btc, eth), TimeRange.day("2024-01-01")).byTime().limit(1_000);
 * try (QueryResult rows = query.on(store)) {
 *     rows.forEach(System.out::println);
 *     rows.coverage();                      // which of them are missing, and why
 * }
 * query.on(ForwardFill.over(store));        // holes filled forward, each such row flagged
 * query.on(Resample.over(store, oneMinute)) // larger candles
 * }</pre>
 *
 * <p>Immutable; the same query can be asked as often as wanted, of different sources.
 */
public final class Query {

    private enum Order {
        SERIES,
        TIME
    }

    private final List<Series> series;
    private final TimeRange range;
    private final Order order;
    private final OptionalLong limit;

    private Query(List<Series> series, TimeRange range, Order order, OptionalLong limit) {
        this.series = series;
        this.range = range;
        this.order = order;
        this.limit = limit;
    }

    /** All rows of one series in a range. */
    public static Query of(Series series, TimeRange range) {
        return of(List.of(series), range);
    }

    /** All rows of several series in a range, one series after the other in the order given. */
    public static Query of(Collection<Series> series, TimeRange range) {
        if (series.isEmpty()) {
            throw new IllegalArgumentException("A query needs a series");
        }
        return new Query(series.stream().distinct().toList(), range, Order.SERIES, OptionalLong.empty());
    }

    /** One series after the other: the order unless told otherwise. */
    public Query bySeries() {
        return new Query(series, range, Order.SERIES, limit);
    }

    /**
     * All series merged by time; rows of one instant in the order in which the series were given. All series are read at
     * once, and a batch is as long as one series goes on without another in between: of candles on one grid, a row.
     */
    public Query byTime() {
        return new Query(series, range, Order.TIME, limit);
    }

    /**
     * The first rows only.
     *
     * @param rows 1 or more, of all series together
     */
    public Query limit(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("A limit is 1 row or more, not " + rows);
        }
        return new Query(series, range, order, OptionalLong.of(rows));
    }

    /** The series asked for, each once. */
    public List<Series> series() {
        return series;
    }

    /** The range asked for. */
    public TimeRange range() {
        return range;
    }

    /**
     * Asks a source. Returns at once; rows are read while iterating. Close the result.
     *
     * @throws Refused when the source does not serve one of the series
     */
    public QueryResult on(Source source) {
        for (Series one : series) {
            if (!source.serves(one)) {
                throw new Refused(source.refusal(one));
            }
        }
        return new QueryResult(source, this);
    }

    boolean isByTime() {
        return order == Order.TIME;
    }

    long most() {
        return limit.orElse(Long.MAX_VALUE);
    }

    @Override
    public String toString() {
        return series + " over " + range + (order == Order.TIME ? " by time" : "")
                + (limit.isPresent() ? ", at most " + Words.count(limit.getAsLong(), "row") : "");
    }
}
