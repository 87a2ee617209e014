package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.Cancelled;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.VerifyReport.Unit;
import dev.candlewick.spi.RowRules;
import dev.candlewick.spi.UnitLedger;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads the rows of one unit and says what is wrong with them. For one thread. */
final class UnitProof {

    /** Rows outside the unit would be a lie of the file's, so all are read. */
    static final TimeRange EVERYTHING = TimeRange.of("0001-01-01", "9999-12-31");

    private final Receipt receipt;
    private final String place;
    private final List<Finding> findings;
    private final UnitLedger ledger;
    private final RowRules rules;
    private boolean damaged;

    UnitProof(Receipt receipt, String place, List<Finding> findings) {
        this.receipt = receipt;
        this.place = place;
        this.findings = findings;
        this.ledger = new UnitLedger(receipt.series(), receipt.unit());
        this.rules = new RowRules(receipt.series());
    }

    /** Takes all rows; those that cannot be read are found. */
    void read(Iterator<Batch> batches) {
        try {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                ledger.add(batch);
                rules.add(batch);
            }
        } catch (Unavailable | Cancelled ended) {
            throw ended;
        } catch (MarketDataException unreadable) {
            damaged = true;
            found(Kind.FILE_DAMAGED, Storage.message(unreadable) + Repair.advice(receipt));
        }
    }

    /** Rows read. */
    long rows() {
        return ledger.rows();
    }

    /**
     * Compares the rows with the receipt.
     *
     * @param sameBytes whether the bytes of the file are those of the receipt
     */
    void judge(boolean sameBytes) {
        if (damaged) {
            return;
        }
        if (!sameBytes) {
            found(
                    Kind.FILE_DAMAGED,
                    "its bytes are not those that were committed (SHA-256 differs), although its rows can be read"
                            + Repair.advice(receipt));
        }
        compare();
        rules.broken().forEach(message -> found(Kind.RULE_BROKEN, message));
        rules.offGrid().ifPresent(message -> found(Kind.OFF_GRID, message));
    }

    private void compare() {
        LedgerEntry claimed = receipt.entry();
        LedgerEntry actual = ledger.entry(
                Optional.empty(),
                receipt.unit(),
                new Provenance("", List.of(), claimed.gaps(), List.of()),
                claimed.committedAt());
        if (actual.rows() != claimed.rows()) {
            found(
                    Kind.LEDGER_DIFFERS,
                    "it holds " + actual.rows() + " rows, its receipt says " + claimed.rows() + Repair.advice(receipt));
        } else if (!actual.contentHash().equals(claimed.contentHash())) {
            found(
                    Kind.LEDGER_DIFFERS,
                    "its rows are not those of its receipt (content hash differs)" + Repair.advice(receipt));
        } else if (receipt.series().dataset().interval().isPresent()
                && !actual.present().equals(claimed.present())) {
            found(
                    Kind.LEDGER_DIFFERS,
                    "its rows cover " + actual.present() + ", its receipt says " + claimed.present()
                            + Repair.advice(receipt));
        }
    }

    private void found(Kind kind, String message) {
        findings.add(new Finding(kind, place, List.of(new Unit(receipt.series(), receipt.unit())), message));
    }
}
