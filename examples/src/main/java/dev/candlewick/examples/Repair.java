package dev.candlewick.examples;

import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Store;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Drops damaged units from a store, and none that a writer has replaced since they were found damaged. */
final class Repair {

    private Repair() {}

    /** Looks at the units once more, drops what is damaged still, and says what became of each. */
    static void of(Store store, List<Unit> damaged, Console console) {
        Map<Unit, Optional<List<LedgerEntry>>> known = new HashMap<>();
        damaged.forEach(unit -> known.put(unit, known(store, unit)));
        Set<Unit> still = new HashSet<>();
        new LinkedHashSet<>(damaged.stream().map(Unit::series).toList()).forEach(series -> {
            VerifyReport again = store.verify(series);
            still.addAll(again.refetch());
        });
        List<Unit> dropped = new ArrayList<>();
        for (Unit unit : damaged) {
            if (!still.contains(unit)) {
                console.note("Left as it is: " + unit + " has been replaced since and is sound.");
            } else if (!known(store, unit).equals(known.get(unit))) {
                console.note("Left as it is: " + unit + " is being written; verify again when nobody writes it.");
            } else {
                List<String> lines = store.forget(unit.series(), unit.range());
                console.note("Dropped " + unit + (lines.isEmpty() ? ": nothing was there" : ":"));
                lines.forEach(line -> console.note("  " + line));
                dropped.add(unit);
            }
        }
        if (!dropped.isEmpty()) {
            console.note("The next backfill of these ranges fetches them again.");
        }
    }

    /** What the ledger says of a unit; empty when that cannot be read. */
    private static Optional<List<LedgerEntry>> known(Store store, Unit unit) {
        try {
            return Optional.of(store.ledger(unit.series(), unit.range()));
        } catch (Corrupt damaged) {
            return Optional.empty();
        }
    }
}
