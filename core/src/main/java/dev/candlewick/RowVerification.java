package dev.candlewick;

import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.VerifyReport.Unit;
import dev.candlewick.spi.RowRules;
import dev.candlewick.spi.UnitLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Proves a store's rows against its ledger by reading them as anybody would. For one thread. */
final class RowVerification {

    /** Every year that times are written with four digits in. */
    static final TimeRange ALWAYS = TimeRange.of("0000-01-01", "9999-12-31");

    private static final int ATTEMPTS = 3;

    private final Store store;
    private final Series series;
    private final List<Finding> findings = new ArrayList<>();
    private long units;
    private long rows;

    RowVerification(Store store, Series series) {
        this.store = store;
        this.series = series;
    }

    VerifyReport run() {
        List<LedgerEntry> entries;
        try {
            entries = store.ledger(series, ALWAYS);
        } catch (Corrupt damaged) {
            return new VerifyReport(
                    0,
                    0,
                    0,
                    List.of(new Finding(
                            Kind.RECEIPT_DAMAGED, series.toString(), List.of(), String.valueOf(damaged.getMessage()))));
        }
        entries.forEach(this::verify);
        return new VerifyReport(units, rows, 0, findings);
    }

    // A unit may be replaced between looking at its entry and reading its rows; then they are looked at again.
    private void verify(LedgerEntry entry) {
        units++;
        LedgerEntry claimed = entry;
        for (int attempt = 1; ; attempt++) {
            Finished read = read(claimed);
            Optional<LedgerEntry> now = store.ledger(series, claimed.unit()).stream()
                    .filter(each -> each.unit().equals(entry.unit()))
                    .findFirst();
            if (attempt < ATTEMPTS && now.isPresent() && now.get().revision() != claimed.revision()) {
                claimed = now.get();
                continue;
            }
            rows += read.rows();
            findings.addAll(read.findings());
            return;
        }
    }

    private record Finished(long rows, List<Finding> findings) {}

    private Finished read(LedgerEntry claimed) {
        UnitLedger ledger = new UnitLedger(series, claimed.unit());
        RowRules rules = new RowRules(series);
        List<Finding> found = new ArrayList<>();
        try (Batches batches = store.read(series, claimed.unit())) {
            for (Batch batch : batches) {
                ledger.add(batch);
                rules.add(batch);
            }
        } catch (Corrupt damaged) {
            found.add(finding(Kind.FILE_DAMAGED, claimed, String.valueOf(damaged.getMessage())));
            return new Finished(ledger.rows(), found);
        }
        difference(claimed, ledger).ifPresent(what -> found.add(finding(Kind.LEDGER_DIFFERS, claimed, what)));
        rules.broken().forEach(what -> found.add(finding(Kind.RULE_BROKEN, claimed, what)));
        rules.offGrid().ifPresent(what -> found.add(finding(Kind.OFF_GRID, claimed, what)));
        return new Finished(ledger.rows(), found);
    }

    private Optional<String> difference(LedgerEntry claimed, UnitLedger ledger) {
        LedgerEntry actual = ledger.entry(
                Optional.empty(),
                claimed.unit(),
                new Provenance("", List.of(), claimed.gaps(), List.of()),
                Instant.EPOCH);
        if (actual.rows() != claimed.rows()) {
            return Optional.of("it holds " + actual.rows() + " rows, its ledger says " + claimed.rows());
        } else if (!actual.contentHash().equals(claimed.contentHash())) {
            return Optional.of("its rows are not those of its ledger (content hash differs)");
        } else if (series.cadence() instanceof Cadence.Grid && !actual.present().equals(claimed.present())) {
            return Optional.of("its rows cover " + actual.present() + ", its ledger says " + claimed.present());
        }
        return Optional.empty();
    }

    private Finding finding(Kind kind, LedgerEntry entry, String what) {
        return new Finding(
                kind,
                store.name(),
                List.of(new Unit(series, entry.unit())),
                series + " " + series.cadence().unit().label(entry.unit()) + ": " + what);
    }
}
