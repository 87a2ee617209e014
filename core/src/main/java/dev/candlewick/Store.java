package dev.candlewick;

import java.util.List;
import java.util.Optional;

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

    /**
     * The row with the latest time, as a batch of one row with the columns that are stored; empty when nothing is.
     *
     * @throws Corrupt when the ledger or the row is damaged
     */
    default Optional<Batch> latest(Series series) {
        return LatestRow.of(this, series);
    }

    /**
     * Proves again that everything stored is what was committed: reads every row, compares it with the ledger, checks the
     * rules of candles. Changes nothing.
     */
    default VerifyReport verify() {
        return series().stream().map(this::verify).reduce(VerifyReport.nothing(), VerifyReport::plus);
    }

    /** As {@link #verify()}, for one series. */
    default VerifyReport verify(Series series) {
        return new RowVerification(this, series).run();
    }

    /**
     * Drops damaged units, rows and ledger entries, so that a backfill fetches them again.
     *
     * @param range every unit that touches it is dropped
     * @return what became of each, a line for people
     */
    List<String> forget(Series series, TimeRange range);

    /** Frees what this store holds. What it was given by the caller stays open. */
    @Override
    default void close() {}
}
