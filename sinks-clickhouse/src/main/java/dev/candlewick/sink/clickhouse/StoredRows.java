package dev.candlewick.sink.clickhouse;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The rows of a range, in time order. The ledger says which version of each unit counts; a query fetches the rows of some
 * units at a time, and no unit is given out before its rows are counted. Where they are not those of the ledger, either
 * the unit was replaced meanwhile, and is read again, or rows were lost, and the reading fails.
 *
 * <p>A unit that is too large to be kept is given out as it arrives and counted at its end. For one thread, but for
 * closing.
 */
final class StoredRows implements Iterator<Batch> {

    private static final int MOST_RETRIES = 50;
    private static final long ROWS_PER_QUERY = 4_000_000;
    private static final long ROWS_KEPT = 1 << 18;

    private final StoreParts store;
    private final RowsTable table;
    private final Series series;
    private final TimeRange range;
    private final List<Answer> answers = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<QuarantinedRow> quarantined = new ArrayList<>();
    private final Deque<Batch> ready = new ArrayDeque<>();
    private Deque<Ledger.Held> units = new ArrayDeque<>();
    private Optional<Query> query = Optional.empty();
    private boolean listed;
    private int retries;
    private volatile boolean closed;

    private StoredRows(StoreParts store, Series series, TimeRange range) {
        this.store = store;
        this.table = store.tables().of(series.dataset());
        this.series = series;
        this.range = range;
    }

    /** The last row of a series. */
    static Optional<Batch> latest(StoreParts store, Series series) {
        StoredRows rows = new StoredRows(store, series, TimeRange.ofEpochMicros(0, 1));
        for (int attempt = 0; attempt < MOST_RETRIES; attempt++) {
            Optional<Ledger.Held> last = store.ledger().last(series);
            if (last.isEmpty()) {
                return Optional.empty();
            }
            rows.requireSchema(last.get().entry().orElseThrow().series());
            Optional<Batch> row = Optional.empty();
            try (RowsAnswer answer = RowsAnswer.last(store, rows.table, series, last.get())) {
                for (Optional<Batch> next = answer.next(); next.isPresent(); next = answer.next()) {
                    row = next.get().rows() > 0 ? next : row;
                }
            }
            long present = store.count(rows.table, series, last.get());
            if (row.isPresent() && present == last.get().rows()) {
                return row;
            }
            rows.requireReplaced(last.get(), present);
        }
        throw new Unavailable("The last unit of " + series + " was replaced again and again while it was being read");
    }

    static Batches read(StoreParts store, Series series, TimeRange range) {
        StoredRows rows = new StoredRows(store, series, range);
        return Batches.of(series, range, rows, rows::provenance, rows::close);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            if (query.isPresent()) {
                query.get().advance();
            } else if (!openQuery()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more batches of " + series);
        }
        return ready.removeFirst();
    }

    private boolean openQuery() {
        if (!listed) {
            list(range);
            listed = true;
        }
        while (!units.isEmpty() && units.getFirst().rows() == 0) {
            note(units.removeFirst(), 0);
        }
        if (units.isEmpty()) {
            return false;
        }
        List<Ledger.Held> together = new ArrayList<>();
        long rows = 0;
        while (!units.isEmpty()
                && (together.isEmpty() || rows + units.getFirst().rows() <= ROWS_PER_QUERY)) {
            Ledger.Held unit = units.removeFirst();
            together.add(unit);
            rows += unit.rows();
        }
        TimeRange span =
                together.get(0).unit().span(together.get(together.size() - 1).unit());
        Query opened = new Query(
                together,
                RowsAnswer.of(store, table, series, span.intersection(range).orElseThrow(), together));
        synchronized (this) {
            query = Optional.of(opened);
        }
        if (closed) {
            opened.end();
            throw closedBeforeEnd();
        }
        return true;
    }

    private void list(TimeRange part) {
        units = new ArrayDeque<>();
        for (Ledger.Held held : store.ledger().list(series, part)) {
            if (held.content().isPresent()) {
                requireSchema(held.entry().orElseThrow().series());
                units.add(held);
            }
        }
    }

    private void requireSchema(Series stored) {
        if (!stored.equals(series)) {
            throw new Refused("Series " + series + " is stored in clickhouse:"
                    + store.server().address() + " with columns " + stored.schema() + "; it cannot be read as "
                    + series.schema());
        }
    }

    // Rows that do not agree with the ledger are no fault when the ledger has moved on since.
    private void requireReplaced(Ledger.Held held, long present) {
        long sequence = store.ledger()
                .row(series, held.unit())
                .map(Ledger.Row::sequence)
                .orElse(0L);
        if (sequence == held.sequence()) {
            throw new Corrupt("The unit " + held.unit() + " of " + series + " has " + present + " rows in the table '"
                    + table.name() + "', its ledger says " + held.rows()
                    + ". Forget the unit and fetch it again, or write it whole again");
        }
    }

    private void note(Ledger.Held held, long rows) {
        LedgerEntry entry = held.entry().orElseThrow();
        entry.gaps().forEach(gap -> gap.range().intersection(range).ifPresent(cut -> gaps.add(gap.over(cut))));
        quarantined.addAll(entry.quarantined());
        answers.add(new Answer(
                held.unit().intersection(range).orElseThrow(),
                "clickhouse",
                store.server().address() + " " + table.name(),
                0,
                "",
                entry.contentHash(),
                rows,
                store.clock().instant(),
                ""));
    }

    private Provenance provenance() {
        return new Provenance("clickhouse:" + store.server().address(), answers, gaps, quarantined);
    }

    private synchronized void close() {
        closed = true;
        query.ifPresent(Query::cancel);
    }

    private Cancelled closedBeforeEnd() {
        return new Cancelled("Reading " + series + " over " + range + " was closed before its end");
    }

    /** The rows of some consecutive units, as they arrive. */
    private final class Query {

        private final List<Ledger.Held> asked;
        private final RowsAnswer answer;
        private final List<Batch> kept = new ArrayList<>();
        private int unit;
        private long rowsOfUnit;
        private long rowsKept;

        Query(List<Ledger.Held> asked, RowsAnswer answer) {
            this.asked = asked;
            this.answer = answer;
        }

        /** Takes one more block, or ends the query. */
        void advance() {
            Optional<Batch> arrived;
            try {
                arrived = answer.next();
            } catch (RuntimeException failed) {
                end();
                throw closed ? closedBeforeEnd() : failed;
            }
            if (arrived.isPresent()) {
                take(arrived.get());
            } else {
                boolean sound = true;
                while (sound && unit < asked.size()) {
                    sound = endUnit();
                }
                end();
            }
        }

        private void take(Batch batch) {
            int from = 0;
            while (from < batch.rows()) {
                int to = batch.firstRowFrom(asked.get(unit).unit().endMicros());
                if (to > from) {
                    kept.add(batch.slice(from, to));
                    rowsOfUnit += to - from;
                    rowsKept += to - from;
                }
                from = to;
                if (from < batch.rows() && !endUnit()) {
                    end();
                    return;
                }
            }
            if (rowsKept > ROWS_KEPT) {
                giveOut();
            }
        }

        private void giveOut() {
            ready.addAll(kept);
            kept.clear();
            rowsKept = 0;
        }

        /** Counts the rows of the unit; false when they have to be read again. */
        private boolean endUnit() {
            Ledger.Held held = asked.get(unit);
            long present = range.contains(held.unit()) ? rowsOfUnit : store.count(table, series, held);
            if (present != held.rows()) {
                readAgain(held, present);
                return false;
            }
            giveOut();
            note(held, rowsOfUnit);
            rowsOfUnit = 0;
            unit++;
            return true;
        }

        private void readAgain(Ledger.Held held, long present) {
            requireReplaced(held, present);
            if (rowsKept < rowsOfUnit || retries++ == MOST_RETRIES) {
                throw new Unavailable("The unit " + held.unit() + " of " + series
                        + " was replaced while it was being read; read it again");
            }
            list(TimeRange.ofEpochMicros(
                    Math.max(range.startMicros(), held.unit().startMicros()), range.endMicros()));
        }

        private void end() {
            synchronized (StoredRows.this) {
                query = Optional.empty();
            }
            answer.close();
        }

        void cancel() {
            answer.cancel();
        }
    }
}
