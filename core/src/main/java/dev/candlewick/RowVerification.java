package dev.candlewick;

import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.VerifyReport.Unit;
import dev.candlewick.spi.RowRules;
import dev.candlewick.spi.UnitLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Proves a store's rows against its ledger by reading them as anybody would. For one thread. */
final class RowVerification {

    /** Every year that times are written with four digits in. */
    static final TimeRange ALWAYS = TimeRange.of("0000-01-01", "9999-12-31");

    /** More than writers replace a unit in a row; each costs reading the unit once. */
    private static final int ATTEMPTS = 10;

    /** Damaged ledger entries that are named, each of which costs some fifty questions; more are one finding. */
    private static final int MOST_DAMAGED = 1_000;

    private final Store store;
    private final Series series;
    private final List<Finding> findings = new ArrayList<>();
    private int damagedUnits;
    private long units;
    private long rows;

    RowVerification(Store store, Series series) {
        this.store = store;
        this.series = series;
    }

    VerifyReport run() {
        verify(ALWAYS);
        return new VerifyReport(units, rows, 0, findings);
    }

    // Damage in the ledger is looked for in halves, so that it costs one unit and not the series.
    private void verify(TimeRange range) {
        List<LedgerEntry> entries;
        try {
            entries = store.ledger(series, range);
        } catch (Corrupt damaged) {
            narrow(range, damaged);
            return;
        }
        entries.forEach(this::verify);
    }

    private void narrow(TimeRange range, Corrupt damaged) {
        TimeRange first = series.cadence().unit().containing(range.start());
        if (!first.end().isBefore(range.end())) {
            damagedUnits++;
            units++;
            findings.add(damagedLedger(List.of(new Unit(series, first)), label(first) + ": " + damaged.getMessage()));
        } else if (damagedUnits >= MOST_DAMAGED || (range.equals(ALWAYS) && isDamagedWhereNothingIs(first))) {
            findings.add(damagedLedger(List.of(), String.valueOf(damaged.getMessage())));
        } else {
            Instant middle = range.start()
                    .plus(Duration.between(range.start(), range.end()).dividedBy(2));
            TimeRange half = series.cadence().unit().containing(middle);
            Instant border = half.start().isAfter(range.start()) ? half.start() : half.end();
            verify(TimeRange.of(range.start(), border));
            verify(TimeRange.of(border, range.end()));
        }
    }

    // A ledger that cannot even be asked of a time long before all markets is damaged as a whole.
    private boolean isDamagedWhereNothingIs(TimeRange unit) {
        try {
            store.ledger(series, unit);
            return false;
        } catch (Corrupt everywhere) {
            return true;
        }
    }

    // A unit may be replaced between looking at its entry and reading its rows; then they are looked at again.
    private void verify(LedgerEntry entry) {
        LedgerEntry claimed = entry;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Finished read = read(claimed);
            Optional<LedgerEntry> now = read.findings().isEmpty() ? Optional.of(claimed) : entry(claimed.unit());
            if (now.isEmpty()) {
                return;
            } else if (now.get().equals(claimed)) {
                units++;
                rows += read.rows();
                findings.addAll(read.findings());
                return;
            }
            claimed = now.get();
        }
        units++;
        findings.add(finding(
                Kind.CHANGING,
                entry,
                "it was changing while it was read, " + ATTEMPTS + " times; verify again when nobody writes it"));
    }

    /** What the ledger says of a unit now; empty when it is forgotten, or damaged since, which is then reported. */
    private Optional<LedgerEntry> entry(TimeRange unit) {
        try {
            return store.ledger(series, unit).stream()
                    .filter(each -> each.unit().equals(unit))
                    .findFirst();
        } catch (Corrupt damaged) {
            narrow(unit, damaged);
            return Optional.empty();
        }
    }

    private Finding damagedLedger(List<Unit> where, String what) {
        return new Finding(Kind.RECEIPT_DAMAGED, store.name(), where, series + " " + what);
    }

    private String label(TimeRange unit) {
        return series.cadence().unit().label(unit);
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
                series + " " + label(entry.unit()) + ": " + what);
    }
}
