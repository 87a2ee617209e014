package dev.candlewick;

import java.util.Collection;
import java.util.OptionalLong;

/**
 * Something that rows of series can be read from: a venue, an archive, a store, or a transformation of another source.
 * Safe for many threads; every {@link #read} has its own cursor.
 */
public interface Source extends AutoCloseable {

    /** A short name for messages, metrics and the ledger: {@code binance:spot}. */
    String name();

    /** Whether series of this kind can be asked for here at all; says nothing about whether there are rows. */
    boolean serves(Series series);

    /**
     * Why a series that is not {@linkplain #serves served} cannot be asked for here, for people: best with what can be.
     * Asks nobody.
     */
    default String refusal(Series series) {
        return name() + " does not serve " + series;
    }

    /**
     * Reads the rows whose time lies in the range, in time order. Returns at once; fetching happens while iterating.
     *
     * @throws Refused when the series is not one that this source can serve, naming what it has
     */
    Batches read(Series series, TimeRange range);

    /**
     * As {@link #read(Series, TimeRange)}, but batches have some of the columns only, for whoever needs no others. A store of
     * Parquet files does not fetch and decode those; other sources read whole rows and leave them out. Unless
     * all columns are asked for, batches are not {@link Batch#isWhole whole}, and no sink takes them.
     *
     * <pre>{@code
     * store.read(trades, day, List.of("price", "amount"))  // and local_timestamp, by which rows are ordered
     * }</pre>
     *
     * @param columns names of the schema's columns, in any order; batches have them in the schema's, the time column always
     * @throws IllegalArgumentException when the series has no such column, naming those it has
     * @throws Refused as {@link #read(Series, TimeRange)}
     */
    default Batches read(Series series, TimeRange range, Collection<String> columns) {
        return SelectedBatches.of(() -> read(series, range), columns);
    }

    /**
     * What reading the range would ask for, worked out without asking anybody. Sources that have no requests to speak of
     * answer {@link Estimate#unknown}.
     */
    default Estimate estimate(Series series, TimeRange range) {
        return Estimate.unknown();
    }

    /**
     * As {@link #estimate}, but whoever charges for the read is asked what it will be: the bytes that a query scans. Reads
     * no rows and costs nothing. Sources that charge nothing answer the estimate.
     *
     * @throws Unavailable when nobody answers now
     */
    default Estimate dryRun(Series series, TimeRange range) {
        return estimate(series, range);
    }

    /**
     * The request weight that a lane, as named by an {@link Estimate}, may spend in a minute; empty when it is unbounded
     * or not known. Asks nobody.
     */
    default OptionalLong weightPerMinute(String lane) {
        return OptionalLong.empty();
    }

    /** Frees what this source holds. What it was given by the caller stays open. */
    @Override
    default void close() {}
}
