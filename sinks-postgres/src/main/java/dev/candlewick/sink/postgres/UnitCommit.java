package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.Cancelled;
import dev.candlewick.ContentHash;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.ledger.UnitRecord;
import dev.candlewick.spi.UnitChange;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Commits one unit: rows and ledger entry in one transaction, under a lock that all writers of the unit take first. A
 * commit whose answer is lost is settled by asking the ledger on another connection.
 */
final class UnitCommit {

    private static final System.Logger LOGGER = System.getLogger(UnitCommit.class.getName());
    private static final int ATTEMPTS = 4;
    private static final long PAUSE_MILLIS = 50;

    private final StoreParts store;
    private final Series series;
    private final RowTables tables;
    private final TimeRange range;
    private final Provenance provenance;
    private final TimeRange unit;
    private final TimeRange replaced;
    private final Optional<UnitDraft> draft;
    private final String doing;
    private final String lock;

    UnitCommit(
            StoreParts store,
            Series series,
            RowTables tables,
            TimeRange range,
            Provenance provenance,
            TimeRange unit,
            Optional<UnitDraft> draft) {
        this.store = store;
        this.series = series;
        this.tables = tables;
        this.range = range;
        this.provenance = provenance;
        this.unit = unit;
        this.replaced = range.intersection(unit).orElseThrow();
        this.draft = draft;
        this.doing = "Committing " + series.cadence().unit().label(unit) + " of " + Failures.shown(series);
        this.lock = store.lock(tables, series, unit);
    }

    /** What became of a unit. */
    record Outcome(LedgerEntry entry, boolean unchanged) {}

    /** What a transaction came to before its commit. */
    private record Result(Optional<Outcome> outcome, boolean hasWritten) {}

    /**
     * Commits the unit with the rows of the draft, or with none of its own. Nothing comes of a unit of which nothing is
     * known and of which the commit says nothing either.
     *
     * @param before what had been written to the unit when these rows began to be gathered
     * @throws Unavailable when other rows were committed to the range since; they stand
     */
    Optional<Outcome> commit(Writes before) {
        store.catalog().makeRoom(tables, unit);
        for (int attempt = 1; ; attempt++) {
            Optional<Result> result = attempt(before, attempt);
            if (result.isPresent()) {
                return result.get().outcome();
            }
        }
    }

    /** One try; empty when it left nothing behind and is worth another one. */
    private Optional<Result> attempt(Writes before, int attempt) {
        SQLException lost;
        LedgerEntry entry;
        try (Transaction transaction = store.database().writing(lock)) {
            Result result = work(transaction, before);
            if (!result.hasWritten()) {
                return Optional.of(result);
            }
            entry = result.outcome().orElseThrow().entry();
            try {
                transaction.commit();
                return Optional.of(result);
            } catch (SQLException failed) {
                if (!Failures.isAnswerLost(failed)) {
                    throw failed;
                }
                lost = failed;
            }
        } catch (SQLException failed) {
            if (Failures.isTransient(failed) && attempt < ATTEMPTS) {
                pause(attempt);
                return Optional.empty();
            }
            if (Failures.hasNoPartition(failed) && store.catalog().isPartitioned(tables)) {
                if (attempt == 1) {
                    store.catalog().makeRoomAgain(tables, unit);
                    return Optional.empty();
                }
                throw noPartition(failed);
            }
            throw store.database().failed(doing, failed);
        } catch (IOException failed) {
            throw new Unavailable(
                    doing + " failed: its buffered rows cannot be read back: " + failed.getMessage()
                            + ". What was stored before stands; run again",
                    failed);
        }
        if (settle(entry, lost)) {
            return Optional.of(new Result(Optional.of(new Outcome(entry, false)), true));
        }
        if (attempt == ATTEMPTS) {
            throw store.database().failed(doing, lost);
        }
        pause(attempt);
        return Optional.empty();
    }

    /** Whether a commit whose answer was lost happened. */
    private boolean settle(LedgerEntry entry, SQLException lost) {
        if (Thread.currentThread().isInterrupted()) {
            throw unconfirmed(lost);
        }
        // The lock is free only when the other transaction has ended, this way or that.
        try (Transaction transaction = store.database().settling(lock)) {
            Optional<UnitRecord> now = store.ledger().find(transaction, series, unit);
            transaction.commit();
            return now.isPresent()
                    && (now.get().entry().equals(entry)
                            || now.get().writes().stretches().stream()
                                    .anyMatch(stretch -> stretch.revision() == entry.revision()
                                            && stretch.at().equals(entry.committedAt())));
        } catch (SQLException | MarketDataException unreachable) {
            MarketDataException unconfirmed = unconfirmed(lost);
            unconfirmed.addSuppressed(
                    unreachable instanceof SQLException sql
                            ? store.database().failures().of("Asking for the outcome", sql)
                            : unreachable);
            throw unconfirmed;
        }
    }

    private Unconfirmed unconfirmed(SQLException lost) {
        Failures failures = store.database().failures();
        return new Unconfirmed(
                doing + " to " + store.name() + " was sent, but the answer was lost (" + failures.said(lost)
                        + ") and the server cannot be asked now. Run the same again: what is there is found and nothing doubles",
                failures.clean(lost));
    }

    private void pause(int attempt) {
        long most = PAUSE_MILLIS << attempt;
        try {
            store.sleeper().sleep(Duration.ofMillis(1 + store.random().nextLong(most)));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Cancelled(doing + " was interrupted; what was stored before stands", stopped);
        }
    }

    private Result work(Transaction transaction, Writes before) throws SQLException, IOException {
        refuseSharedLabel(transaction);
        Optional<UnitRecord> previous = previous(transaction);
        if (store.policy().kind() != ConflictPolicy.Kind.REPLACE) {
            return keepingRows(transaction, previous);
        }
        long held = previous.map(record -> record.entry().rows()).orElse(0L);
        if (held == 0 || range.contains(unit)) {
            return replaceWhole(transaction, previous, before);
        }
        return replacePart(transaction, previous.orElseThrow(), before);
    }

    // Where a subject is written as something shorter, two subjects may come to the same, and their rows would mix.
    private void refuseSharedLabel(Transaction transaction) throws SQLException {
        String label = tables.label(series);
        if (label.equals(series.subject().toString())) {
            return;
        }
        for (Subject other : store.ledger().subjects(transaction, series.dataset())) {
            if (!other.equals(series.subject()) && tables.labels().apply(other).equals(label)) {
                throw new Refused(doing + " was refused: '" + label + "' in "
                        + tables.first().name() + " of " + store.name() + " is " + other
                        + " already. Give the layout a function that names both differently");
            }
        }
    }

    // A unit that is written whole needs nothing of its old entry, so a damaged one is healed.
    private Optional<UnitRecord> previous(Transaction transaction) throws SQLException {
        try {
            return store.ledger().find(transaction, series, unit);
        } catch (Corrupt damaged) {
            if (!range.contains(unit)) {
                throw new Corrupt(
                        damaged.getMessage() + ". Writing only " + range + " of the unit " + unit
                                + " would lose its other rows; write the unit whole",
                        damaged);
            }
            LOGGER.log(System.Logger.Level.WARNING, "Healing a unit by writing it whole: {0}", damaged.getMessage());
            return Optional.empty();
        }
    }

    /** The unit's rows are the new ones and no others. */
    private Result replaceWhole(Transaction transaction, Optional<UnitRecord> previous, Writes before)
            throws SQLException, IOException {
        UnitLedger ledger = draft.map(UnitDraft::ledger).orElseGet(() -> new UnitLedger(series, unit));
        LedgerEntry entry = entry(ledger, previous);
        UnitChange change = change(previous, entry, before);
        if (change.isNothing()) {
            return new Result(Optional.empty(), false);
        }
        // The same rows written again also heal a table that was changed meanwhile.
        boolean sameRows = change.keepsRows() && isIntact(transaction, entry);
        if (sameRows && change.isNoNews()) {
            return unchanged(previous.orElseThrow());
        }
        if (!sameRows) {
            clear(transaction);
            copy(transaction);
        }
        return written(transaction, change, entry);
    }

    /**
     * The unit's rows are those before the range, the new ones, those after it. What is kept is proven against the ledger
     * while it goes by: damage must not get a hash that vouches for it.
     */
    private Result replacePart(Transaction transaction, UnitRecord previous, Writes before)
            throws SQLException, IOException {
        UnitLedger ledger = new UnitLedger(series, unit);
        ContentHash proof = new ContentHash(series.schema());
        each(transaction, unit.startMicros(), replaced.startMicros(), batch -> {
            proof.add(batch);
            ledger.add(batch);
        });
        ContentHash inside = new ContentHash(series.schema());
        each(transaction, replaced.startMicros(), replaced.endMicros(), batch -> {
            proof.add(batch);
            inside.add(batch);
        });
        String hash = draft.map(UnitDraft::contentHash).orElseGet(() -> new ContentHash(series.schema()).value());
        boolean write = !inside.value().equals(hash);
        if (write) {
            delete(transaction, replaced);
            copy(transaction);
        }
        // Read back rather than remembered: the entry then tells of what the server holds.
        each(transaction, replaced.startMicros(), replaced.endMicros(), ledger::add);
        each(transaction, replaced.endMicros(), unit.endMicros(), batch -> {
            proof.add(batch);
            ledger.add(batch);
        });
        if (!proof.value().equals(previous.entry().contentHash())) {
            throw lostRows();
        }
        LedgerEntry entry = entry(ledger, Optional.of(previous));
        UnitChange change = change(Optional.of(previous), entry, before);
        return change.isNoNews() ? unchanged(previous) : written(transaction, change, entry);
    }

    /** The unit's rows are those that were there and the new ones, merged as the policy says, by the server. */
    private Result keepingRows(Transaction transaction, Optional<UnitRecord> previous)
            throws SQLException, IOException {
        if (previous.map(record -> record.entry().rows()).orElse(0L) == 0) {
            clear(transaction);
        } else if (!isIntact(transaction, previous.orElseThrow().entry())) {
            throw lostRows();
        }
        if (draft.isPresent()) {
            new StagedRows(transaction, series, tables, store.policy()).merge(draft.get(), doing);
        }
        UnitLedger ledger = new UnitLedger(series, unit);
        each(transaction, unit.startMicros(), unit.endMicros(), ledger::add);
        LedgerEntry entry = entry(ledger, previous);
        // Nobody comes too late to a merge.
        UnitChange change = change(previous, entry, writes(previous));
        if (change.isNothing()) {
            return new Result(Optional.empty(), false);
        }
        return change.isNoNews() ? unchanged(previous.orElseThrow()) : written(transaction, change, entry);
    }

    private UnitChange change(Optional<UnitRecord> previous, LedgerEntry entry, Writes before) {
        return UnitChange.of(previous.map(UnitRecord::entry), writes(previous), entry, range, before);
    }

    private static Writes writes(Optional<UnitRecord> previous) {
        return previous.map(UnitRecord::writes).orElse(Writes.NONE);
    }

    private LedgerEntry entry(UnitLedger ledger, Optional<UnitRecord> previous) {
        return ledger.entry(
                previous.map(UnitRecord::entry),
                range,
                provenance,
                store.clock().instant());
    }

    private Result unchanged(UnitRecord previous) {
        return new Result(Optional.of(new Outcome(previous.entry(), true)), false);
    }

    private Result written(Transaction transaction, UnitChange change, LedgerEntry entry) throws SQLException {
        store.ledger().put(transaction, new UnitRecord(entry, change.writes()));
        store.tell(transaction, series, tables);
        return new Result(Optional.of(new Outcome(entry, false)), true);
    }

    private interface BatchTaker {
        void take(Batch batch);
    }

    private void each(Transaction transaction, long from, long to, BatchTaker taker) throws SQLException {
        if (from >= to) {
            return;
        }
        RowReader rows = new RowReader(transaction, series, tables.select(series, from, to));
        for (Optional<Batch> batch = rows.next(); batch.isPresent(); batch = rows.next()) {
            taker.take(batch.get());
        }
    }

    private boolean isIntact(Transaction transaction, LedgerEntry entry) throws SQLException {
        ContentHash hash = new ContentHash(series.schema());
        try {
            each(transaction, unit.startMicros(), unit.endMicros(), hash::add);
        } catch (Corrupt damaged) {
            return false;
        }
        return hash.value().equals(entry.contentHash());
    }

    /** Takes away whatever the ledger does not vouch for, unless that is more than what is written. */
    private void clear(Transaction transaction) throws SQLException {
        if (!range.contains(unit)) {
            refuseRowsThatNobodyVouchesFor(transaction);
        }
        delete(transaction, range.contains(unit) ? replaced : unit);
    }

    private Refused noPartition(SQLException failed) {
        Failures failures = store.database().failures();
        return new Refused(
                doing + " to " + store.name() + " was refused (" + failures.said(failed) + "). "
                        + tables.first().name()
                        + " has no partition for these rows, and none is to be made. Nothing was written; run "
                        + Partitions.statement(tables, unit),
                failures.clean(failed));
    }

    private void refuseRowsThatNobodyVouchesFor(Transaction transaction) throws SQLException {
        long before = tables.count(transaction, series, unit.startMicros(), replaced.startMicros());
        long after = tables.count(transaction, series, replaced.endMicros(), unit.endMicros());
        if (before + after > 0) {
            throw new Corrupt("Writing " + replaced + " of " + Failures.shown(series) + " would lose "
                    + (before + after)
                    + " rows of the unit " + unit + " in " + tables.first().name() + " of " + store.name()
                    + ", which are there without a ledger entry: either their entry was deleted or somebody else wrote"
                    + " them. Nothing was changed. Forget the unit, or write it whole");
        }
    }

    private void delete(Transaction transaction, TimeRange stretch) throws SQLException {
        for (TablePart part : tables.parts()) {
            // Where there may be rows that were never ours, only those in the range give way to the new ones.
            TimeRange gone = part.strangers() ? replaced : stretch;
            transaction.execute("DELETE FROM " + part.name() + " WHERE "
                    + part.within("", tables.label(series), gone.startMicros(), gone.endMicros()));
        }
    }

    private void copy(Transaction transaction) throws SQLException, IOException {
        if (draft.isEmpty()) {
            return;
        }
        for (TablePart part : tables.parts()) {
            long taken = transaction.copyIn(part.copyIn(), target -> draft.get().writeTuples(part, target));
            if (taken != draft.get().rows()) {
                throw new Unavailable(doing + " failed: the server took " + taken + " rows of "
                        + draft.get().rows() + " into " + part.name()
                        + "; a trigger may drop rows. What was stored before stands");
            }
        }
    }

    private Corrupt lostRows() {
        return new Corrupt("Writing " + replaced + " of " + Failures.shown(series)
                + " has to keep the other rows of its unit, but the"
                + " rows in " + tables.first().name() + " of " + store.name()
                + " are not those that the ledger names: somebody changed the table. Nothing was changed. Forget the unit "
                + unit + " and fetch it again, or write it whole");
    }
}
