package dev.candlewick.sink.parquet;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.spi.UnitChange;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Commits one unit by one conditional write of one object, which holds the rows and, in its footer, the receipt (see
 * {@code docs/concepts/object-commit.md}). The condition is that the unit is what it was when the object was made; when it
 * is not, what is there now is looked at and the object made anew, or the commit refused.
 */
final class ObjectCommit {

    private final ObjectParts store;
    private final Series series;
    private final TimeRange range;
    private final Provenance provenance;

    ObjectCommit(ObjectParts store, Series series, TimeRange range, Provenance provenance) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.provenance = provenance;
    }

    /** What came of an attempt; empty in all when the unit was not what it was taken for. */
    private record Attempt(boolean done, Optional<UnitOutcome> outcome) {

        static final Attempt OVERTAKEN = new Attempt(false, Optional.empty());
        static final Attempt NOTHING = new Attempt(true, Optional.empty());

        static Attempt done(LedgerEntry entry, boolean unchanged) {
            return new Attempt(true, Optional.of(new UnitOutcome(entry, unchanged)));
        }
    }

    /**
     * Commits the unit with the rows of the draft, or with none of its own.
     *
     * @param before what was known of the unit when these rows began to be gathered
     * @throws Unavailable when other rows were committed to the range since; they stand
     */
    Optional<UnitOutcome> commit(TimeRange unit, Optional<ObjectDraft> draft, KnownUnit before) throws IOException {
        KnownUnit known = before;
        for (int attempt = 0; attempt < ObjectUnits.ATTEMPTS; attempt++) {
            Attempt made = attempt(unit, draft, known, before.writes());
            if (made.done()) {
                return made.outcome();
            }
            known = store.units().find(series, unit);
        }
        throw new Unavailable("Unit " + unit + " of " + series + " was written by others " + ObjectUnits.ATTEMPTS
                + " times while " + range + " of it was being committed; nothing of this write was committed, run it"
                + " again later");
    }

    private Attempt attempt(TimeRange unit, Optional<ObjectDraft> draft, KnownUnit known, Writes before)
            throws IOException {
        if (known.damage().isPresent()) {
            putAside(unit, known);
        }
        Optional<Receipt> previous = known.receipt();
        if (draft.isPresent() && isWritten(unit, previous)) {
            return settle(unit, known, draft.get(), before);
        }
        ObjectDraft merged = new ObjectDraft(series, unit, store.options(), store.memoryBytes());
        try {
            if (!isWritten(unit, previous)) {
                merge(known, previous.orElseThrow(), draft, merged);
            }
            return settle(unit, known, merged, before);
        } catch (ObjectReplaced meanwhile) {
            return Attempt.OVERTAKEN;
        } finally {
            merged.discard();
        }
    }

    /** Whether the unit will hold only what is written now. */
    private boolean isWritten(TimeRange unit, Optional<Receipt> previous) {
        return previous.isEmpty() || previous.get().rows() == 0 || range.contains(unit);
    }

    // A unit that is written whole needs nothing of its old object, so a damaged one is put aside and healed.
    private void putAside(TimeRange unit, KnownUnit known) {
        Corrupt damage = known.damage().orElseThrow();
        if (!range.contains(unit)) {
            throw new Corrupt(
                    damage.getMessage() + ". Writing only " + range + " of the unit " + unit
                            + " would lose its other rows; write the unit whole",
                    damage);
        }
        new ObjectQuarantine(store).copy(known.head().orElseThrow());
    }

    private void merge(KnownUnit known, Receipt old, Optional<ObjectDraft> draft, ObjectDraft merged)
            throws IOException {
        try (ObjectFile file = opened(known)) {
            String proof = new MergedRows(series, range).write(file.reader().read(series, old.unit()), draft, merged);
            if (!proof.equals(old.entry().contentHash())) {
                throw new Corrupt("its rows are not those that its receipt names");
            }
        } catch (Corrupt damaged) {
            throw new Corrupt(
                    "Writing " + range + " of " + series + " has to keep the other rows of "
                            + old.data().path() + ", but that object is damaged: " + damaged.getMessage()
                            + ". Nothing was changed. Forget the unit " + old.unit()
                            + " and fetch it again, or write it whole",
                    damaged);
        } catch (UncheckedIOException failed) {
            throw StorageFailed.unwrapped(failed);
        }
    }

    private ObjectFile opened(KnownUnit known) throws ObjectReplaced {
        ObjectHead head = known.head().orElseThrow();
        ObjectPart end = store.storage()
                .readEnd(head.name(), ObjectFile.firstBytes(store, head))
                .filter(part -> part.head().version().equals(head.version()))
                .orElseThrow(() -> new ObjectReplaced(head.name()));
        return ObjectFile.of(store, end);
    }

    private Attempt settle(TimeRange unit, KnownUnit known, ObjectDraft content, Writes before) throws IOException {
        content.seal();
        Optional<LedgerEntry> stored = known.receipt().map(Receipt::entry);
        UnitLedger ledger = content.ledger();
        LedgerEntry entry =
                ledger.entry(stored, range, provenance, store.clock().instant());
        UnitChange change = UnitChange.of(stored, known.writes(), entry, range, before);
        if (change.isNothing() && known.damage().isEmpty()) {
            return isStillAbsent(unit) ? Attempt.NOTHING : Attempt.OVERTAKEN;
        }
        if (change.isNoNews()) {
            Optional<Boolean> intact = isIntact(known);
            if (intact.isEmpty()) {
                return Attempt.OVERTAKEN;
            } else if (intact.get()) {
                return Attempt.done(stored.orElseThrow(), true);
            }
        }
        return publish(unit, known, content, entry, change);
    }

    private boolean isStillAbsent(TimeRange unit) {
        return store.storage().head(store.units().name(series, unit)).isEmpty();
    }

    // The same rows written again also heal an object that was damaged meanwhile. Empty when it is another one by now.
    private Optional<Boolean> isIntact(KnownUnit known) throws IOException {
        try (ObjectFile file = opened(known)) {
            return Optional.of(file.isIntact());
        } catch (ObjectReplaced meanwhile) {
            return Optional.empty();
        } catch (Corrupt damaged) {
            return Optional.of(false);
        } catch (StorageFailed failed) {
            throw failed.failure();
        }
    }

    private Attempt publish(
            TimeRange unit, KnownUnit known, ObjectDraft content, LedgerEntry entry, UnitChange change) {
        String name = store.units().name(series, unit);
        Receipt receipt = new Receipt(entry, content.as(name), change.writes());
        ObjectBytes bytes = content.with(receipt);
        store.description().begin();
        Optional<ObjectHead> written;
        try {
            written = store.storage().write(name, bytes, known.unchanged());
        } catch (Unconfirmed unknown) {
            written = settled(unit, known, bytes, receipt, unknown);
        }
        if (written.isEmpty()) {
            return Attempt.OVERTAKEN;
        }
        store.manifests().committed(written.get(), receipt);
        return Attempt.done(entry, false);
    }

    /** Asks what became of a write; one that has not happened is tried once more, under the same condition. */
    private Optional<ObjectHead> settled(
            TimeRange unit, KnownUnit known, ObjectBytes bytes, Receipt receipt, Unconfirmed unknown) {
        try {
            KnownUnit now = store.units().find(series, unit);
            if (now.receipt().equals(Optional.of(receipt))) {
                return now.head();
            }
            return store.storage().write(store.units().name(series, unit), bytes, known.unchanged());
        } catch (Cancelled asked) {
            throw asked;
        } catch (MarketDataException failed) {
            throw new Unconfirmed(
                    "Whether " + receipt.entry() + " was committed to "
                            + store.storage().name() + " is not known: " + unknown.getMessage() + "; asking gave: "
                            + failed.getMessage() + ". Run the same again: what is there is found and nothing doubles",
                    unknown);
        }
    }
}
