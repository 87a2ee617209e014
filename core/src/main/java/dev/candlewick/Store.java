package dev.candlewick;

import java.util.List;

/**
 * A place that rows are written to and read back from, with a ledger of what it holds: every sink module gives one. Being
 * a {@link Source}, it can be copied to another store, resampled or filled forward like any venue.
 */
public interface Store extends Source, Sink {

    /** The series that this store holds anything of, sorted. */
    List<Series> series();

    /** The ledger entries of the units that touch the range, in time order. */
    List<LedgerEntry> ledger(Series series, TimeRange range);

    /** What is present, proven absent and unknown in the range. Never guesses: a damaged ledger is {@link Corrupt}. */
    default Coverage coverage(Series series, TimeRange range) {
        return Coverage.of(series, range, ledger(series, range));
    }

    /** Frees what this store holds. What it was given by the caller stays open. */
    @Override
    default void close() {}
}
