package dev.candlewick;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes parts of units, each with a commit of its own. When nobody knows whether a commit landed, the store is asked
 * before it is tried once more. Safe for many threads.
 */
final class PartWrites {

    private final Store store;
    private final RunReads reads;
    private final RunTally tally;

    PartWrites(Store store, RunReads reads, RunTally tally) {
        this.store = store;
        this.reads = reads;
        this.tally = tally;
    }

    WriteResult write(PlannedUnit unit, TimeRange part) {
        Map<TimeRange, Long> before = revisions(unit.series(), part);
        try {
            return reads.read(unit, part, store::write);
        } catch (Unconfirmed unknown) {
            return settle(unit, part, before, unknown);
        }
    }

    /** What became of a part of which only this is known: it landed, as the ledger says, or it is written once more. */
    WriteResult settle(PlannedUnit unit, TimeRange part, Map<TimeRange, Long> before, RuntimeException unknown) {
        Optional<WriteResult> landed = landed(unit, part, before, unknown);
        return landed.isPresent() ? landed.get() : again(unit, part, before);
    }

    /** The revision of every unit that the store knows in the range. */
    Map<TimeRange, Long> revisions(Series series, TimeRange range) {
        Map<TimeRange, Long> revisions = new HashMap<>();
        store.ledger(series, range).forEach(entry -> revisions.put(entry.unit(), entry.revision()));
        return revisions;
    }

    /** What the commits of all parts of a unit did to it. */
    static WriteResult together(List<WriteResult> parts) {
        WriteResult last = parts.get(parts.size() - 1);
        boolean unchanged = parts.stream()
                .allMatch(result -> result.unchanged() == result.entries().size());
        return new WriteResult(
                parts.stream().mapToLong(WriteResult::rows).sum(),
                last.entries(),
                unchanged ? last.entries().size() : 0);
    }

    private WriteResult again(PlannedUnit unit, TimeRange part, Map<TimeRange, Long> before) {
        try {
            return reads.read(unit, part, store::write);
        } catch (Unconfirmed unknown) {
            return landed(unit, part, before, unknown).orElseThrow(() -> unknown);
        }
    }

    private Optional<WriteResult> landed(
            PlannedUnit unit, TimeRange part, Map<TimeRange, Long> before, RuntimeException unknown) {
        try {
            List<LedgerEntry> entries = store.ledger(unit.series(), part);
            boolean newer =
                    entries.stream().anyMatch(entry -> entry.revision() > before.getOrDefault(entry.unit(), 0L));
            // Somebody else may have changed another part of the unit: only where this part is settled, too, is it
            // ours.
            boolean settled = newer && store.coverage(unit.series(), part).isSettled();
            return settled ? Optional.of(new WriteResult(tally.rowsRead(unit, part), entries, 0)) : Optional.empty();
        } catch (RuntimeException silent) {
            unknown.addSuppressed(silent);
            throw unknown;
        }
    }
}
