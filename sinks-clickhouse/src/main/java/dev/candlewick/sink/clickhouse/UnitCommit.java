package dev.candlewick.sink.clickhouse;

import com.clickhouse.client.api.DataStreamWriter;
import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Cancelled;
import dev.candlewick.ContentHash;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.ledger.UnitRecord;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Commits one unit. ClickHouse has no transaction over two tables, so the order is what makes it safe (see
 * {@code docs/concepts/clickhouse-commit.md}):
 *
 * <ol>
 *   <li>the rows are written under a version of their own, which no reader looks for yet;
 *   <li>their number is checked;
 *   <li>the ledger's next row names that version: <b>from here on the unit is new, before it was old</b>. Of two writers
 *       of one sequence the server takes one row and drops the other as a repetition;
 *   <li>the ledger is read to learn whose row it was; some time later the replaced rows are deleted.
 * </ol>
 */
final class UnitCommit {

    // Every lost race means that another commit succeeded; as many in a row are no coincidence any more.
    private static final int MOST_RACES = 100;
    private static final int MOST_ATTEMPTS = 3;

    private final StoreParts store;
    private final RowsTable table;
    private final Series series;
    private final TimeRange range;
    private final Provenance provenance;

    UnitCommit(StoreParts store, RowsTable table, Series series, TimeRange range, Provenance provenance) {
        this.store = store;
        this.table = table;
        this.series = series;
        this.range = range;
        this.provenance = provenance;
    }

    /** What became of a unit. */
    record Outcome(LedgerEntry entry, boolean unchanged) {}

    /**
     * Commits the unit with the given rows, or with none of its own. Nothing comes of a unit of which nothing is known and
     * of which the commit says nothing either.
     *
     * @param before what had been written to the unit when these rows began to be gathered
     * @throws Unavailable when other rows were committed to the range since; they stand
     */
    Optional<Outcome> commit(TimeRange unit, Optional<UnitRows> rows, Writes before) throws IOException {
        for (int race = 0; race < MOST_RACES; race++) {
            Ledger.Held previous = previous(unit);
            boolean alone = previous.rows() == 0 || range.contains(unit);
            Optional<UnitRows> merged;
            try {
                merged = alone ? Optional.empty() : Optional.of(merge(previous, rows));
            } catch (Corrupt suspect) {
                if (store.ledger().row(series, unit).map(Ledger.Row::sequence).orElse(0L) == previous.sequence()) {
                    throw suspect;
                }
                continue; // the rows were replaced and deleted while they were read
            }
            try {
                Step step = settle(previous, alone ? rows : merged, before);
                if (step.done()) {
                    return step.outcome();
                }
            } finally {
                if (merged.isPresent()) {
                    merged.get().close();
                }
            }
        }
        throw new Unavailable("Committing " + series + " over " + unit + " was overtaken " + MOST_RACES
                + " times by other writers; nothing of it was replaced. Run again");
    }

    /** One try: done, with or without an outcome, or overtaken by another writer. */
    private record Step(boolean done, Optional<Outcome> outcome) {

        static final Step OVERTAKEN = new Step(false, Optional.empty());

        static Step of(LedgerEntry entry, boolean unchanged) {
            return new Step(true, Optional.of(new Outcome(entry, unchanged)));
        }
    }

    // A unit that is written whole needs nothing of its old row, so a damaged one is healed.
    private Ledger.Held previous(TimeRange unit) {
        Optional<Ledger.Row> row = store.ledger().row(series, unit);
        try {
            return row.map(Ledger.Row::held).orElseGet(() -> Ledger.Held.nothing(unit));
        } catch (Corrupt damaged) {
            if (!range.contains(unit)) {
                throw new Corrupt(
                        damaged.getMessage() + ". Writing only " + range + " of the unit " + unit
                                + " would lose its other rows; write the unit whole",
                        damaged);
            }
            return row.orElseThrow().unknown();
        }
    }

    /** The stored rows before the range, the new rows, and the stored rows after it. */
    private UnitRows merge(Ledger.Held previous, Optional<UnitRows> rows) throws IOException {
        UnitRows merged = new UnitRows(table, series, previous.unit());
        try {
            ContentHash proof = new ContentHash(series.schema());
            boolean newRowsAdded = false;
            try (RowsAnswer stored = RowsAnswer.of(store, table, series, previous.unit(), List.of(previous))) {
                for (Optional<Batch> next = stored.next(); next.isPresent(); next = stored.next()) {
                    Batch batch = next.get();
                    proof.add(batch);
                    merged.add(batch.slice(0, batch.firstRowFrom(range.startMicros())));
                    Batch after = batch.slice(batch.firstRowFrom(range.endMicros()), batch.rows());
                    if (after.rows() > 0 && !newRowsAdded) {
                        copy(rows, merged);
                        newRowsAdded = true;
                    }
                    merged.add(after);
                }
            }
            if (!newRowsAdded) {
                copy(rows, merged);
            }
            // Damage must not be copied into rows whose hash would then vouch for it.
            if (!proof.value().equals(previous.entry().orElseThrow().contentHash())) {
                throw new Corrupt("Writing " + range + " of " + series + " has to keep the other rows of the unit "
                        + previous.unit() + ", but the rows of that unit in the table '" + table.name()
                        + "' are not those that its ledger names. Nothing was changed. Forget the unit and fetch it"
                        + " again, or write it whole");
            }
            return merged;
        } catch (IOException | RuntimeException failed) {
            merged.close();
            throw failed;
        }
    }

    private static void copy(Optional<UnitRows> rows, UnitRows target) throws IOException {
        if (rows.isPresent()) {
            rows.get().copyTo(target);
        }
    }

    private Step settle(Ledger.Held previous, Optional<UnitRows> content, Writes before) throws IOException {
        TimeRange unit = previous.unit();
        Optional<LedgerEntry> old = previous.entry();
        LedgerEntry entry = content.map(UnitRows::ledger)
                .orElseGet(() -> new UnitLedger(series, unit))
                .entry(old, range, provenance, store.clock().instant());
        if (old.isEmpty() && saysNothing(entry)) {
            return new Step(true, Optional.empty());
        }
        boolean sameHash = old.isPresent()
                && old.get().contentHash().equals(entry.contentHash())
                && old.get().rows() == entry.rows();
        Writes written = previous.content().map(UnitRecord::writes).orElse(Writes.NONE);
        boolean late = written.isNewerOver(range, before);
        if (late && !sameHash) {
            throw overtaken(old.orElseThrow());
        }
        // The same rows written again also heal rows that were lost meanwhile.
        boolean sameRows = sameHash
                && (entry.rows() == 0 || count(unit, previous.version()).ours() == entry.rows());
        if (sameRows && (late || isNoNews(old.orElseThrow(), entry))) {
            return Step.of(old.orElseThrow(), true);
        }
        Writes writes = written.with(range.intersection(unit).orElseThrow(), entry.revision(), entry.committedAt());
        UnitRecord record = new UnitRecord(entry, writes);
        long sequence = previous.sequence() + 1;
        if (sameRows || entry.rows() == 0) {
            long version = sameRows ? previous.version() : 0;
            return publish(new Ledger.Held(unit, sequence, version, Optional.of(record)), previous.rows() > 0);
        }
        return write(new Ledger.Held(unit, sequence, 0, Optional.of(record)), content.orElseThrow());
    }

    /** How many rows of the unit have a version, and how many another. */
    private record Counted(long ours, long others) {}

    private Counted count(TimeRange unit, long version) {
        List<String> counts = store.server()
                .texts(
                        "Counting the rows of " + series + " " + unit,
                        2,
                        "SELECT toString(countIf(" + RowsTable.VERSION + " = " + Long.toUnsignedString(version)
                                + ")), toString(count()) FROM " + Sql.name(table.name()) + " WHERE "
                                + table.where(series.subject(), unit))
                .get(0);
        long ours = Long.parseLong(counts.get(0));
        return new Counted(ours, Long.parseLong(counts.get(1)) - ours);
    }

    private Step write(Ledger.Held next, UnitRows rows) throws IOException {
        LedgerEntry entry = next.entry().orElseThrow();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            long version = Identity.version(
                    series.toString(), next.unit().startMicros(), next.sequence(), entry.contentHash(), attempt);
            insert(rows, version);
            Counted counted = count(next.unit(), version);
            if (counted.ours() == entry.rows()) {
                Ledger.Held complete = new Ledger.Held(next.unit(), next.sequence(), version, next.content());
                return publish(complete, counted.others() > 0);
            }
            // Left of an attempt that the server has forgotten, or half deleted: they stay invisible, others are
            // written.
        }
        throw new Unavailable("Committing " + entry + " to the table '" + table.name() + "' failed: after "
                + MOST_ATTEMPTS + " attempts the table does not hold exactly the " + entry.rows()
                + " rows that were sent. Nothing was replaced. Do materialized views or rules change what is written"
                + " there? Run again");
    }

    private void insert(UnitRows rows, long version) throws IOException {
        int pieces = rows.pieces();
        for (int piece = 0; piece < pieces; piece++) {
            String token = Long.toUnsignedString(version) + ":" + piece;
            DataStreamWriter body = rows.body(piece, series.subject(), version);
            String doing = "Writing " + series + " over " + rows.unit();
            store.repeat(() -> store.server().insert(doing, table.name(), table.insertColumns(), token, body));
        }
    }

    private Step publish(Ledger.Held next, boolean leavesRows) {
        LedgerEntry entry = next.entry().orElseThrow();
        Optional<MarketDataException> trouble = Optional.empty();
        try {
            store.ledger().write(series, next);
        } catch (Unavailable | Cancelled unknown) {
            trouble = Optional.of(unknown);
        }
        Ledger.Held now = settled(next, trouble);
        if (now.sequence() < next.sequence()) {
            throw trouble.orElseGet(() -> unconfirmed(entry, "the ledger does not show it yet", Optional.empty()));
        }
        boolean won = now.sequence() == next.sequence() && now.content().equals(next.content());
        if (leavesRows || !won) {
            store.cleanup().later(table, series, now);
        }
        return won ? Step.of(entry, false) : Step.OVERTAKEN;
    }

    /** The unit as it is after the ledger row was sent, also when it is not known whether it arrived. */
    private Ledger.Held settled(Ledger.Held next, Optional<MarketDataException> trouble) {
        LedgerEntry entry = next.entry().orElseThrow();
        if (trouble.isPresent() && trouble.get() instanceof Cancelled) {
            throw new Cancelled(
                    "Committing " + entry
                            + " was interrupted at its end: it is not known whether it is committed. Run the"
                            + " same again: what is there is found and nothing doubles",
                    trouble.get());
        }
        try {
            Ledger.Held now = store.ledger().find(series, next.unit());
            if (trouble.isPresent() && now.sequence() < next.sequence()) {
                // It may still be on its way; of the two the server takes one.
                store.repeat(() -> store.ledger().write(series, next));
                now = store.ledger().find(series, next.unit());
            }
            return now;
        } catch (Unavailable | Cancelled still) {
            throw unconfirmed(entry, "the server does not answer any more", Optional.of(trouble.orElse(still)));
        }
    }

    private static Unconfirmed unconfirmed(LedgerEntry entry, String what, Optional<MarketDataException> cause) {
        String message = "Committing " + entry + " ended without an answer: " + what
                + cause.map(trouble -> " (" + trouble.getMessage() + ")").orElse("")
                + ". Run the same again: what is there is found and nothing doubles";
        return cause.map(trouble -> new Unconfirmed(message, trouble)).orElseGet(() -> new Unconfirmed(message));
    }

    private Unavailable overtaken(LedgerEntry now) {
        return new Unavailable(
                range.intersection(now.unit()).orElseThrow() + " of " + series
                        + " was written by another process meanwhile (revision " + now.revision() + ", committed at "
                        + now.committedAt()
                        + ") with other rows than these; nothing was replaced. Run again: what is stored now is looked at first");
    }

    private static boolean saysNothing(LedgerEntry entry) {
        return entry.rows() == 0
                && entry.present().isEmpty()
                && entry.gaps().isEmpty()
                && entry.answers().isEmpty()
                && entry.quarantined().isEmpty();
    }

    private static boolean isNoNews(LedgerEntry previous, LedgerEntry entry) {
        return previous.sameContent(entry) && identity(previous).equals(identity(entry));
    }

    // Asking again gives another time and the like; only another request or other bytes are news.
    private static Set<List<Object>> identity(LedgerEntry entry) {
        Set<List<Object>> identity = new LinkedHashSet<>();
        for (Answer answer : entry.answers()) {
            identity.add(
                    List.of(answer.range(), answer.route(), answer.request(), answer.checksum(), answer.version()));
        }
        return identity;
    }
}
