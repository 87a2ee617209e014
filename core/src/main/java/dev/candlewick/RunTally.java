package dev.candlewick;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Counts what the threads of a run do and tells the listener, one call at a time. */
final class RunTally {

    private static final System.Logger LOGGER = System.getLogger(RunTally.class.getName());

    private final BackfillPlan plan;
    private final LongSupplier ticker;
    private final BackfillListener listener;
    private final long startNanos;
    private final long rowsExpected;
    private final Map<PlannedUnit, Map<TimeRange, Long>> rowsRead = new HashMap<>();
    private final Map<PlannedUnit, Map<TimeRange, Integer>> setAside = new HashMap<>();
    private final List<FailedUnit> failed = new ArrayList<>();
    private long rows;
    private long rowsAdded;
    private long quarantined;
    private int committed;
    private int unchanged;

    RunTally(BackfillPlan plan, LongSupplier ticker, BackfillListener listener) {
        this.plan = plan;
        this.ticker = ticker;
        this.listener = listener;
        this.startNanos = ticker.getAsLong();
        boolean known = plan.units().stream().allMatch(unit -> unit.estimate().rows() > 0);
        this.rowsExpected = known ? plan.estimate().rows() : 0;
    }

    synchronized void planned() {
        tell(heard -> heard.planned(plan));
    }

    synchronized void started(PlannedUnit unit) {
        tell(heard -> heard.started(unit));
    }

    /** A read of a part begins, perhaps for the second time. */
    synchronized void reading(PlannedUnit unit, TimeRange part) {
        Long before = rowsRead.computeIfAbsent(unit, none -> new HashMap<>()).put(part, 0L);
        rows -= before == null ? 0 : before;
    }

    synchronized void read(PlannedUnit unit, TimeRange part, int more) {
        rowsRead.computeIfAbsent(unit, none -> new HashMap<>()).merge(part, (long) more, Long::sum);
        rows += more;
        tell(heard -> heard.rows(unit, progress()));
    }

    synchronized long rowsRead(PlannedUnit unit, TimeRange part) {
        return rowsRead.getOrDefault(unit, Map.of()).getOrDefault(part, 0L);
    }

    synchronized void setAside(PlannedUnit unit, TimeRange part, int quarantinedRows) {
        setAside.computeIfAbsent(unit, none -> new HashMap<>()).put(part, quarantinedRows);
    }

    synchronized void committed(PlannedUnit unit, WriteResult result) {
        rowsRead.remove(unit);
        quarantined += setAside.getOrDefault(unit, Map.of()).values().stream()
                .mapToLong(Integer::longValue)
                .sum();
        setAside.remove(unit);
        if (result.unchanged() == result.entries().size()) {
            unchanged++;
        } else {
            committed++;
            rowsAdded += result.rows();
        }
        tell(heard -> heard.committed(unit, result, progress()));
    }

    synchronized void failed(PlannedUnit unit, RuntimeException cause) {
        rowsRead.remove(unit);
        setAside.remove(unit);
        failed.add(new FailedUnit(unit, cause));
        tell(heard -> heard.failed(unit, cause, progress()));
    }

    synchronized boolean anyFailed() {
        return !failed.isEmpty();
    }

    synchronized BackfillReport finished(Map<Series, Coverage> coverage) {
        failed.sort(Comparator.comparing(FailedUnit::unit));
        BackfillReport report =
                new BackfillReport(plan, rowsAdded, committed, unchanged, failed, quarantined, coverage, elapsed());
        tell(heard -> heard.finished(report));
        return report;
    }

    /** {@code 3 of 12 units committed, 129,600 rows}. */
    @Override
    public synchronized String toString() {
        return (committed + unchanged) + " of " + Words.count(plan.units().size(), "unit") + " committed, "
                + Words.count(rowsAdded, "row") + " added";
    }

    private Progress progress() {
        int done = committed + unchanged + failed.size();
        return new Progress(done, plan.units().size(), rows, rowsExpected, elapsed());
    }

    private Duration elapsed() {
        return Duration.ofNanos(Math.max(0, ticker.getAsLong() - startNanos));
    }

    private void tell(Consumer<BackfillListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException broken) {
            LOGGER.log(System.Logger.Level.WARNING, "A backfill listener failed; the backfill goes on", broken);
        }
    }
}
