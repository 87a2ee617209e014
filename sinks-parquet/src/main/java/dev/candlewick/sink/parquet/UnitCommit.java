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
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.spi.UnitChange;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Commits one unit. The order is what makes it safe (see {@code docs/concepts/parquet-commit.md}):
 *
 * <ol>
 *   <li>under the series' lock, the rows lie in a hidden file, durable under a durable name;
 *   <li>the receipt that names this file replaces the old one: <b>from here on the unit is new, before it was old</b>;
 *   <li>the hidden file is renamed over the old one.
 * </ol>
 *
 * <p>Between the last two steps readers follow the receipt to the hidden file, and whoever comes next does the rename. A
 * reader that looks for {@code *.parquet} and knows nothing of receipts sees the old file, then the new one, never both.
 */
final class UnitCommit {

    private final StoreParts store;
    private final Series series;
    private final TimeRange range;
    private final Provenance provenance;

    UnitCommit(StoreParts store, Series series, TimeRange range, Provenance provenance) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.provenance = provenance;
    }

    /**
     * Commits the unit with the rows of the draft, or with none of its own. The draft is used up. Nothing comes of a unit
     * of which nothing is known and of which the commit says nothing either.
     *
     * @param before what had been written to the unit when these rows began to be gathered
     * @throws Unavailable when other rows were committed to the range since; they stand
     */
    Optional<UnitOutcome> commit(TimeRange unit, Optional<UnitDraft> draft, Writes before) throws IOException {
        store.durable().makeDirectory(store.root().locks());
        return store.locks().whileLocked(series, () -> {
            Optional<Receipt> previous = previous(unit);
            if (previous.isPresent()) {
                store.recovery().complete(previous.get());
            }
            return replace(unit, previous, draft, before);
        });
    }

    // A unit that is written whole needs nothing of its old receipt, so a damaged one is put aside and healed.
    private Optional<Receipt> previous(TimeRange unit) throws IOException {
        try {
            return store.receipts().find(series, unit);
        } catch (Corrupt damaged) {
            if (!range.contains(unit)) {
                throw new Corrupt(
                        damaged.getMessage() + ". Writing only " + range + " of the unit " + unit
                                + " would lose its other rows; write the unit whole",
                        damaged);
            }
            store.recovery().putAside(store.receipts().file(series, unit));
            return Optional.empty();
        }
    }

    private Optional<UnitOutcome> replace(
            TimeRange unit, Optional<Receipt> previous, Optional<UnitDraft> draft, Writes before) throws IOException {
        if (previous.isEmpty() || previous.get().rows() == 0 || range.contains(unit)) {
            return settle(unit, previous, draft, before);
        }
        UnitDraft merged = store.draft(series, unit);
        try {
            merge(previous.get(), draft, merged);
            return settle(unit, previous, Optional.of(merged), before);
        } finally {
            merged.discard();
        }
    }

    private void merge(Receipt old, Optional<UnitDraft> draft, UnitDraft merged) throws IOException {
        try (ParquetFileReader reader =
                ParquetFileReader.open(store.root().resolve(old.data().path()))) {
            String proof = new MergedRows(series, range).write(reader.read(series, old.unit()), draft, merged);
            if (!proof.equals(old.entry().contentHash())) {
                throw new Corrupt("its rows are not those that its receipt names");
            }
        } catch (Corrupt damaged) {
            throw lostRows(old, Storage.message(damaged), damaged);
        } catch (UncheckedIOException unreadable) {
            IOException cause = Storage.cause(unreadable);
            if (cause instanceof NoSuchFileException missing) {
                throw lostRows(old, Storage.message(missing), unreadable);
            }
            throw cause;
        }
    }

    private Corrupt lostRows(Receipt old, String what, RuntimeException cause) {
        return new Corrupt(
                "Writing " + range + " of " + series + " has to keep the other rows of "
                        + old.data().path()
                        + ", but that file is damaged: " + what + ". Nothing was changed. Forget the unit " + old.unit()
                        + " and fetch it again, or write it whole",
                cause);
    }

    private Optional<UnitOutcome> settle(
            TimeRange unit, Optional<Receipt> previous, Optional<UnitDraft> content, Writes before) throws IOException {
        if (content.isPresent()) {
            content.get().seal();
        }
        LedgerEntry entry = content.map(UnitDraft::ledger)
                .orElseGet(() -> new UnitLedger(series, unit))
                .entry(
                        previous.map(Receipt::entry),
                        range,
                        provenance,
                        store.clock().instant());
        UnitChange change = UnitChange.of(
                previous.map(Receipt::entry), previous.map(Receipt::writes).orElse(Writes.NONE), entry, range, before);
        if (change.isNothing()) {
            return Optional.empty();
        }
        boolean sameRows = change.keepsRows() && isIntact(previous.orElseThrow());
        if (sameRows && change.isNoNews()) {
            return Optional.of(new UnitOutcome(previous.orElseThrow().entry(), true));
        }
        Writes writes = change.writes();
        if (sameRows) {
            DataFile data = previous.orElseThrow().data();
            DataFile kept = new DataFile(data.path(), "", data.bytes(), data.sha256());
            publish(new Receipt(entry, kept, writes), Optional.empty());
        } else if (entry.rows() == 0) {
            publish(new Receipt(entry, DataFile.NONE, writes), Optional.empty());
        } else {
            String path = store.root().relative(store.dataFile(series, unit));
            publish(new Receipt(entry, content.orElseThrow().as(path), writes), content);
        }
        return Optional.of(new UnitOutcome(entry, false));
    }

    // The same rows written again also heal a file that was damaged meanwhile.
    private boolean isIntact(Receipt receipt) throws IOException {
        if (!receipt.data().exists()) {
            return true;
        }
        Path file = store.root().resolve(receipt.data().path());
        return Files.isRegularFile(file)
                && Files.size(file) == receipt.data().bytes()
                && Checksums.sha256(file).equals(receipt.data().sha256());
    }

    private void publish(Receipt receipt, Optional<UnitDraft> content) throws IOException {
        Path target = store.receipts().file(series, receipt.unit());
        byte[] text = ReceiptText.render(receipt);
        if (content.isPresent()) {
            // A receipt may only name a file whose name, too, survives a power cut.
            store.durable().force(DurableFiles.parentOf(content.get().path()));
        }
        DurableFiles.Draft draft = store.durable()
                .draft(DurableFiles.parentOf(target), target.getFileName().toString(), store.sessionId());
        try {
            draft.write(text);
            draft.seal();
        } catch (IOException | RuntimeException failed) {
            draft.discard();
            throw failed;
        }
        content.ifPresent(UnitDraft::handOver);
        try {
            store.durable().publish(draft.path(), target);
        } catch (IOException failed) {
            if (!isThere(target, text)) {
                content.ifPresent(UnitDraft::takeBack);
                draft.discard();
                throw failed;
            }
            throw unconfirmed(receipt, "it is not known whether its receipt would survive a power cut", failed);
        }
        try {
            store.recovery().complete(receipt);
        } catch (IOException failed) {
            throw unconfirmed(receipt, "it is committed, but its file has not got its final name yet", failed);
        }
    }

    private static boolean isThere(Path file, byte[] content) {
        try {
            return Arrays.equals(Files.readAllBytes(file), content);
        } catch (IOException unknown) {
            return !(unknown instanceof NoSuchFileException);
        }
    }

    private MarketDataException unconfirmed(Receipt receipt, String what, IOException cause) {
        // Readers follow the receipt; but engines look at final names, and no later run would find anything to commit.
        store.durable().leaveBehind();
        if (Storage.isEndedOnRequest(cause)) {
            return new Cancelled(
                    "Committing " + receipt.entry() + " was interrupted at its end: " + what
                            + ". Run the same again: what is there is found and nothing doubles",
                    cause);
        }
        return new Unconfirmed(
                "Committing " + receipt.entry() + " met an error of the disk at its end: " + what + " ("
                        + Storage.message(cause) + "). Run the same again: what is there is found and nothing doubles",
                cause);
    }
}
