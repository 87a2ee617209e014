package dev.candlewick;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The work of a run where every part of a unit is committed by itself: any number of threads take unit after unit. */
final class SingleUnits implements Runnable {

    private final List<PlannedUnit> units;
    private final RunReads reads;
    private final PartWrites writes;
    private final RunTally tally;
    private final AtomicInteger next = new AtomicInteger();

    SingleUnits(BackfillPlan plan, RunReads reads, PartWrites writes, RunTally tally) {
        this.units = plan.units();
        this.reads = reads;
        this.writes = writes;
        this.tally = tally;
    }

    @Override
    public void run() {
        for (int i = next.getAndIncrement(); i < units.size() && !reads.isCancelled(); i = next.getAndIncrement()) {
            work(units.get(i));
        }
    }

    private void work(PlannedUnit unit) {
        try {
            Optional<Refused> known = reads.refusal(unit.series());
            if (known.isPresent()) {
                tally.failed(unit, known.get());
            } else {
                tally.started(unit);
                tally.committed(unit, fetch(unit));
            }
        } catch (RuntimeException failure) {
            if (!reads.isCancelled()) {
                tally.failed(unit, failure);
            }
        }
    }

    private WriteResult fetch(PlannedUnit unit) {
        List<WriteResult> results = new ArrayList<>();
        for (TimeRange part : unit.missing()) {
            results.add(writes.write(unit, part));
        }
        return PartWrites.together(results);
    }
}
