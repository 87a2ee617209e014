package dev.candlewick.sink.postgres;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.ledger.UnitRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The rows of a range as one state of the database: ledger and rows are read in one transaction. Only stretches whose
 * unit has a ledger entry are asked for, and the rows of a unit must be as many as its entry says. For one thread, but for
 * closing.
 */
final class StoredRows implements Iterator<Batch> {

    private final StoreParts store;
    private final Series series;
    private final TimeRange range;
    private List<LedgerEntry> entries = List.of();
    private long[] counts = new long[0];
    private int entryNow;
    private Iterator<TimeRange> stretches = List.<TimeRange>of().iterator();
    private Optional<RowTables> tables = Optional.empty();
    private Optional<Transaction> transaction = Optional.empty();
    private Optional<RowReader> reader = Optional.empty();
    private Optional<Batch> next = Optional.empty();
    private boolean begun;
    private boolean ended;
    private boolean busy;
    private boolean closed;

    private StoredRows(StoreParts store, Series series, TimeRange range) {
        this.store = store;
        this.series = series;
        this.range = range;
    }

    static Batches read(StoreParts store, Series series, TimeRange range) {
        StoredRows rows = new StoredRows(store, series, range);
        return Batches.of(series, range, rows, rows::provenance, rows::close);
    }

    @Override
    public boolean hasNext() {
        if (next.isPresent() || ended) {
            return next.isPresent();
        }
        enter();
        try {
            next = fetch();
            if (next.isEmpty()) {
                checkCounts();
                end();
                ended = true;
            }
            return next.isPresent();
        } catch (SQLException failed) {
            fail();
            throw isClosed()
                    ? cancelled()
                    : store.database().failed("Reading " + Failures.shown(series) + " over " + range, failed);
        } catch (RuntimeException failed) {
            fail();
            throw failed;
        } finally {
            leave();
        }
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more batches of " + Failures.shown(series));
        }
        Batch batch = next.orElseThrow();
        next = Optional.empty();
        return batch;
    }

    private Optional<Batch> fetch() throws SQLException {
        if (!begun) {
            begun = true;
            begin();
        }
        while (true) {
            if (reader.isEmpty()) {
                if (!stretches.hasNext()) {
                    return Optional.empty();
                }
                TimeRange stretch = stretches.next();
                reader = Optional.of(new RowReader(
                        transaction.orElseThrow(),
                        series,
                        tables.orElseThrow().select(series, stretch.startMicros(), stretch.endMicros())));
            }
            Optional<Batch> batch = reader.get().next();
            if (batch.isPresent()) {
                count(batch.get());
                return batch;
            }
            reader = Optional.empty();
        }
    }

    private void begin() throws SQLException {
        Transaction begun = store.database().reading();
        synchronized (this) {
            transaction = Optional.of(begun);
            if (closed) {
                throw cancelled();
            }
        }
        tables = store.catalog().find(begun, series);
        if (tables.isPresent()) {
            entries = store.ledger().list(begun, series, range).stream()
                    .map(UnitRecord::entry)
                    .toList();
        }
        counts = new long[entries.size()];
        stretches = stretches().iterator();
    }

    /** Units with rows that adjoin are asked for in one go. */
    private List<TimeRange> stretches() {
        List<TimeRange> joined = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.rows() == 0) {
                continue;
            }
            TimeRange asked = entry.unit().intersection(range).orElseThrow();
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).end().equals(asked.start())) {
                joined.set(last, joined.get(last).span(asked));
            } else {
                joined.add(asked);
            }
        }
        return joined;
    }

    private void count(Batch batch) {
        int from = 0;
        while (from < batch.rows()) {
            while (batch.times().epochMicros(from)
                    >= entries.get(entryNow).unit().endMicros()) {
                entryNow++;
            }
            int to = batch.firstRowFrom(entries.get(entryNow).unit().endMicros());
            counts[entryNow] += to - from;
            from = to;
        }
    }

    private void checkCounts() throws SQLException {
        for (int i = 0; i < counts.length; i++) {
            LedgerEntry entry = entries.get(i);
            long there = range.contains(entry.unit()) || entry.rows() == 0 ? counts[i] : countWhole(entry.unit());
            if (there != entry.rows()) {
                throw new Corrupt(
                        Failures.shown(series) + " " + series.cadence().unit().label(entry.unit()) + " has " + there
                                + " rows in " + store.name() + ", its ledger says " + entry.rows()
                                + ": somebody changed the table. Forget the unit and fetch it again");
            }
        }
    }

    // Of a unit that was read in part, a lost row may be in either part.
    private long countWhole(TimeRange unit) throws SQLException {
        return tables.orElseThrow().count(transaction.orElseThrow(), series, unit.startMicros(), unit.endMicros());
    }

    private Provenance provenance() {
        List<Answer> answers = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        List<QuarantinedRow> quarantined = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            LedgerEntry entry = entries.get(i);
            TimeRange asked = entry.unit().intersection(range).orElseThrow();
            entry.gaps().forEach(gap -> gap.range().intersection(range).ifPresent(cut -> gaps.add(gap.over(cut))));
            quarantined.addAll(entry.quarantined());
            answers.add(new Answer(
                    asked,
                    "postgres",
                    tables.orElseThrow().first().name() + " " + series + " "
                            + series.cadence().unit().label(entry.unit()),
                    0,
                    "",
                    entry.contentHash(),
                    counts[i],
                    store.clock().instant(),
                    ""));
        }
        return new Provenance(store.name(), answers, gaps, quarantined);
    }

    private synchronized void enter() {
        busy = true;
        transaction.ifPresent(Transaction::enter);
    }

    private synchronized void leave() {
        busy = false;
        transaction.ifPresent(Transaction::leave);
        if (closed) {
            fail();
        }
    }

    /** Everything was read, so the connection can serve others. */
    private synchronized void end() throws SQLException {
        if (transaction.isPresent()) {
            Transaction ended = transaction.get();
            transaction = Optional.empty();
            try (ended) {
                ended.commit();
            }
        }
    }

    // In the middle of rows, ending the connection is quicker than asking the server to stop sending.
    private synchronized void fail() {
        if (transaction.isPresent()) {
            transaction.get().abort();
            transaction.get().close();
            transaction = Optional.empty();
        }
        stretches = List.<TimeRange>of().iterator();
        reader = Optional.empty();
    }

    private synchronized void close() {
        closed = true;
        if (busy) {
            transaction.ifPresent(Transaction::abort); // the thread that waits cleans up
        } else {
            fail();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private Cancelled cancelled() {
        return new Cancelled("Reading " + Failures.shown(series) + " over " + range + " was closed before its end");
    }
}
