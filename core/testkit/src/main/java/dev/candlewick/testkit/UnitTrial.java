package dev.candlewick.testkit;

import dev.candlewick.Batches;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.WriteResult;
import java.util.ArrayList;
import java.util.List;

/**
 * One change of hourly candles that something interrupts, and the judgement of what is left: rows old or new and never a
 * mixture, the ledger in agreement, and after running again exactly what an undisturbed store holds. Whoever tests crashes
 * of a store prepares it, disturbs {@link #write}, and asks {@link #problemsLeft} and {@link #problemsAfterRunningAgain}.
 * Immutable.
 */
public final class UnitTrial {

    private static final TimeRange JANUARY = TimeRange.of("2024-01-01", "2024-02-01");
    private static final TimeRange PART = TimeRange.of("2024-01-10", "2024-01-12");
    private static final TimeRange TWO_UNITS = TimeRange.of("2024-01-20", "2024-02-08");

    /** What a write turns units into. */
    public enum Change {
        /** A unit that was not there. */
        FIRST(0, 1),
        /** A whole unit, again with other rows. */
        REPLACED(1, 2),
        /** Two days within a unit. */
        MERGED(1, 3),
        /** Parts of two units, each committed by itself. */
        ACROSS(0, 1);

        private final int before;
        private final int after;

        Change(int before, int after) {
            this.before = before;
            this.after = after;
        }
    }

    /** What the one who wrote was told. */
    public enum Told {
        /** That it is done. */
        DONE,
        /** That it failed and the old rows stand: {@link dev.candlewick.Unavailable}. */
        FAILED,
        /** Nothing that can be relied on: {@link dev.candlewick.Unconfirmed}, or the process died. */
        NOTHING
    }

    private final Change change;
    private final Series series;

    private UnitTrial(Change change, Series series) {
        this.change = change;
        this.series = series;
    }

    /** A change of the candles of a symbol of its own, such as {@code T17-USDT}. */
    public static UnitTrial of(Change change, String symbol) {
        return new UnitTrial(change, Series.candles("BINANCE:SPOT_PAIR:" + symbol, "1h"));
    }

    /** Whose candles. */
    public Series series() {
        return series;
    }

    /** The stretch that is written. */
    public TimeRange range() {
        return switch (change) {
            case FIRST, REPLACED -> JANUARY;
            case MERGED -> PART;
            case ACROSS -> TWO_UNITS;
        };
    }

    /** Writes what is there before. */
    public void prepare(Store store) {
        if (change.before > 0) {
            write(store, JANUARY, change.before);
        }
    }

    /** Makes the change. */
    public WriteResult write(Store store) {
        return write(store, range(), change.after);
    }

    /** Writes the range as the venue published it the n-th time. */
    public WriteResult write(Store store, int edition) {
        return write(store, range(), edition);
    }

    /** What is wrong with the store after the disturbed write; nothing when all is well. */
    public List<String> problemsLeft(Store store, Told told) {
        MemoryStore before = MemoryStore.create();
        prepare(before);
        MemoryStore after = undisturbed();
        List<String> problems = new ArrayList<>();
        List<TimeRange> units = series.cadence().unit().touching(range());
        for (TimeRange unit : units) {
            List<List<String>> found = Rows.of(store, series, unit);
            boolean isOld = found.equals(Rows.of(before, series, unit));
            boolean isNew = found.equals(Rows.of(after, series, unit));
            if (!isOld && !isNew) {
                problems.add(
                        "holds neither the old rows of " + unit + " nor the new ones, but " + found.size() + " rows");
            } else if (told == Told.DONE && !isNew) {
                problems.add("was acknowledged, but holds the old rows of " + unit);
            } else if (told == Told.FAILED && !isOld && units.size() == 1) {
                problems.add("was said to have failed, but holds the new rows of " + unit);
            }
        }
        addFindings(problems, store);
        return problems;
    }

    /** Runs the same again and compares with a store that nothing happened to. */
    public List<String> problemsAfterRunningAgain(Store store) {
        write(store);
        List<String> problems = problemsComparedWith(undisturbed(), store);
        WriteResult again = write(store);
        if (again.unchanged() != again.entries().size()) {
            problems.add("is written anew by a second run: " + again);
        }
        return problems;
    }

    /** What differs from a store in which the range was written with these editions, one after the other. */
    public List<String> problemsAfterEditions(Store store, int... editions) {
        MemoryStore expected = MemoryStore.create();
        prepare(expected);
        for (int edition : editions) {
            write(expected, edition);
        }
        List<String> problems = new ArrayList<>();
        if (!Rows.of(store, series, everything()).equals(Rows.of(expected, series, everything()))) {
            problems.add("does not hold the rows that were written last");
        }
        addFindings(problems, store);
        return problems;
    }

    @Override
    public String toString() {
        return change + " of " + series;
    }

    private List<String> problemsComparedWith(Store expected, Store store) {
        List<String> problems = new ArrayList<>();
        if (!Rows.of(store, series, everything()).equals(Rows.of(expected, series, everything()))) {
            problems.add("does not hold the rows of an undisturbed store");
        }
        List<LedgerEntry> entries = store.ledger(series, everything());
        List<LedgerEntry> should = expected.ledger(series, everything());
        if (entries.size() != should.size()) {
            problems.add("has the ledger " + entries + " in place of " + should);
        } else {
            for (int i = 0; i < entries.size(); i++) {
                if (!entries.get(i).sameContent(should.get(i))
                        || entries.get(i).revision() != should.get(i).revision()) {
                    problems.add("has the ledger entry " + entries.get(i) + " in place of " + should.get(i));
                }
            }
        }
        addFindings(problems, store);
        return problems;
    }

    private void addFindings(List<String> problems, Store store) {
        VerifyReport report = store.verify(series);
        if (!report.findings().isEmpty()) {
            problems.add("does not verify: " + report);
        }
    }

    private MemoryStore undisturbed() {
        MemoryStore store = MemoryStore.create();
        prepare(store);
        write(store);
        return store;
    }

    private TimeRange everything() {
        return JANUARY.span(TWO_UNITS);
    }

    private WriteResult write(Store store, TimeRange range, int edition) {
        return store.write(
                Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none()));
    }
}
