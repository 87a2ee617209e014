package dev.candlewick.sink.bigquery;

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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a range. Only stretches whose unit has a ledger entry are asked for, some million rows at a time; a query
 * gives its rows under the condition that the ledger still names the units as it did, so each unit is wholly old or wholly
 * new, and the rows of a unit must be as many as its entry says. For one thread, but for closing.
 */
final class StoredRows implements Iterator<Batch> {

    // Sorting much more in one query would need more memory than BigQuery gives to one.
    private static final long MOST_ROWS = 2_000_000;
    private static final int MOST_UNITS = 1_000;
    private static final int ATTEMPTS = 20;

    private final StoreParts store;
    private final Series series;
    private final TimeRange range;
    private final List<Read> done = new ArrayList<>();
    private Optional<Tables.Held> held = Optional.empty();
    private List<List<Ledger.Row>> chunks = List.of();
    private int nextChunk;
    private int readNow;
    private Optional<RowPages> pages = Optional.empty();
    private Optional<Batch> next = Optional.empty();
    private boolean begun;
    private boolean ended;
    private @Nullable Thread waiting;
    private boolean closed;

    private StoredRows(StoreParts store, Series series, TimeRange range) {
        this.store = store;
        this.series = series;
        this.range = range;
    }

    /** A unit that was asked for, and how many rows of it were given. */
    private static final class Read {

        private final LedgerEntry entry;
        private long rows;

        Read(LedgerEntry entry) {
            this.entry = entry;
        }
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
            ended = next.isEmpty();
        } catch (Cancelled interrupted) {
            throw isClosed() ? cancelled() : interrupted;
        } finally {
            leave();
        }
        if (isClosed()) {
            throw cancelled();
        }
        return next.isPresent();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more batches of " + Failures.cut(series));
        }
        Batch batch = next.orElseThrow();
        next = Optional.empty();
        return batch;
    }

    private Optional<Batch> fetch() {
        if (!begun) {
            begun = true;
            begin();
        }
        while (true) {
            Optional<Batch> batch = pages.flatMap(RowPages::next);
            if (batch.isPresent()) {
                count(batch.get());
                return batch;
            }
            if (nextChunk == chunks.size()) {
                return Optional.empty();
            }
            try {
                ask(chunks.get(nextChunk));
            } catch (Refused refused) {
                throw store.ledger().explained(series, refused);
            }
            nextChunk++;
        }
    }

    private void begin() {
        List<Ledger.Row> rows = store.ledger().list(series, range);
        if (!rows.isEmpty()) {
            held = store.tables().held(series.dataset());
            if (held.isEmpty()) {
                throw store.ledger().tableGone(series);
            }
        }
        held.ifPresent(there -> store.tables().requireSame(series, there));
        chunks = chunks(store.visible(held, rows));
    }

    /** Units in their order, cut where a query would give too many rows. */
    private static List<List<Ledger.Row>> chunks(List<Ledger.Row> units) {
        List<List<Ledger.Row>> chunks = new ArrayList<>();
        long rows = 0;
        for (Ledger.Row unit : units) {
            long more = unit.entry().rows();
            List<Ledger.Row> last = chunks.isEmpty() ? List.of() : chunks.get(chunks.size() - 1);
            if (chunks.isEmpty() || rows + more > MOST_ROWS || last.size() == MOST_UNITS) {
                chunks.add(new ArrayList<>());
                rows = 0;
            }
            chunks.get(chunks.size() - 1).add(unit);
            rows += more;
        }
        return chunks;
    }

    /** Asks for the rows of some units, anew when others replaced one of them meanwhile. */
    private void ask(List<Ledger.Row> asked) {
        List<Ledger.Row> units = asked;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            List<Ledger.Row> filled =
                    units.stream().filter(unit -> unit.entry().rows() > 0).toList();
            if (filled.isEmpty()) {
                units.forEach(unit -> done.add(new Read(unit.entry())));
                pages = Optional.empty();
                return;
            }
            RowPages answer = RowPages.of(
                    store.warehouse(),
                    held.orElseThrow().rows(),
                    series,
                    store.rows().select(held.orElseThrow().rows(), series, stretches(filled), filled));
            Optional<String> wrong = difference(filled, answer.total());
            if (wrong.isEmpty()) {
                units.forEach(unit -> done.add(new Read(unit.entry())));
                pages = Optional.of(answer);
                return;
            }
            List<Ledger.Row> now = store.ledger().list(series, span(units));
            if (versions(now).equals(versions(units))) {
                throw new Corrupt(Failures.cut(series) + " in " + store.name() + ": " + wrong.get()
                        + ": somebody changed the table '"
                        + held.orElseThrow().rows().name()
                        + "'. Forget the unit and fetch it again");
            }
            units = now;
            store.warehouse().pause("Reading " + Failures.cut(series), attempt);
        }
        throw new Unavailable("Reading " + Failures.cut(series) + " over " + span(asked) + " from " + store.name()
                + " was given up: its units were replaced " + ATTEMPTS + " times meanwhile. Read again");
    }

    private static TimeRange span(List<Ledger.Row> units) {
        return units.get(0).unit().span(units.get(units.size() - 1).unit());
    }

    private static Set<String> versions(List<Ledger.Row> units) {
        Set<String> versions = new HashSet<>();
        units.forEach(unit -> versions.add(unit.key() + " " + unit.version()));
        return versions;
    }

    /** What is asked for of these units; of those that adjoin in one piece. */
    private List<TimeRange> stretches(List<Ledger.Row> units) {
        List<TimeRange> joined = new ArrayList<>();
        for (Ledger.Row unit : units) {
            TimeRange asked = unit.unit().intersection(range).orElseThrow();
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).end().equals(asked.start())) {
                joined.set(last, joined.get(last).span(asked));
            } else {
                joined.add(asked);
            }
        }
        return joined;
    }

    // Of a unit that is read in part, a lost row may be in either part.
    private Optional<String> difference(List<Ledger.Row> units, long given) {
        List<Ledger.Row> parts =
                units.stream().filter(unit -> !range.contains(unit.unit())).toList();
        if (parts.isEmpty()) {
            long expected =
                    units.stream().mapToLong(unit -> unit.entry().rows()).sum();
            return given == expected
                    ? Optional.empty()
                    : Optional.of(span(units) + " has " + given + " rows, its ledger says " + expected);
        }
        List<Long> counts = store.rows().count(held.orElseThrow().rows(), series, parts);
        for (int i = 0; i < parts.size(); i++) {
            long there = counts.isEmpty() ? -1 : counts.get(i);
            if (there != parts.get(i).entry().rows()) {
                return Optional.of(parts.get(i).unit() + " has " + there + " rows, its ledger says "
                        + parts.get(i).entry().rows());
            }
        }
        long least = units.stream()
                .filter(unit -> range.contains(unit.unit()))
                .mapToLong(unit -> unit.entry().rows())
                .sum();
        return given >= least
                ? Optional.empty()
                : Optional.of(span(units) + " has " + given + " rows, its ledger says at least " + least);
    }

    private void count(Batch batch) {
        int from = 0;
        while (from < batch.rows()) {
            while (batch.times().epochMicros(from)
                    >= done.get(readNow).entry.unit().endMicros()) {
                readNow++;
            }
            int to = batch.firstRowFrom(done.get(readNow).entry.unit().endMicros());
            done.get(readNow).rows += to - from;
            from = to;
        }
    }

    private Provenance provenance() {
        List<Answer> answers = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        List<QuarantinedRow> quarantined = new ArrayList<>();
        for (Read read : done) {
            LedgerEntry entry = read.entry;
            TimeRange asked = entry.unit().intersection(range).orElseThrow();
            entry.gaps().forEach(gap -> gap.range().intersection(range).ifPresent(cut -> gaps.add(gap.over(cut))));
            quarantined.addAll(entry.quarantined());
            answers.add(new Answer(
                    asked,
                    "bigquery",
                    held.orElseThrow().rows().name() + " " + series + " "
                            + series.cadence().unit().label(entry.unit()),
                    0,
                    "",
                    entry.contentHash(),
                    read.rows,
                    store.clock().instant(),
                    ""));
        }
        return new Provenance(store.name(), answers, gaps, quarantined);
    }

    private synchronized void enter() {
        if (closed) {
            throw cancelled();
        }
        waiting = Thread.currentThread();
    }

    private synchronized void leave() {
        waiting = null;
        if (closed) {
            // It was ours, sent by close.
            Thread.interrupted();
        }
    }

    private synchronized void close() {
        closed = true;
        Thread reader = waiting;
        if (reader != null && reader != Thread.currentThread()) {
            reader.interrupt();
        }
        chunks = List.of();
        nextChunk = 0;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private Cancelled cancelled() {
        return new Cancelled("Reading " + Failures.cut(series) + " over " + range + " was closed before its end");
    }
}
