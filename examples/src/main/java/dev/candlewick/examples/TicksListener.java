package dev.candlewick.examples;

import dev.candlewick.BackfillListener;
import dev.candlewick.BackfillPlan;
import dev.candlewick.BackfillReport;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Progress;
import dev.candlewick.WriteResult;
import dev.candlewick.source.tardis.TardisRefused;

/** Shows how a run goes and counts it. Units that a key which nobody knows kept from being asked for are not told one by one. */
record TicksListener(BackfillListener shown, BackfillListener counted) implements BackfillListener {

    /** Whether a unit failed because Tardis does not know the key, as all others will. */
    static boolean isKeyUnknown(RuntimeException cause) {
        return cause instanceof TardisRefused refused && refused.isKeyUnknown();
    }

    @Override
    public void planned(BackfillPlan plan) {
        shown.planned(plan);
    }

    @Override
    public void started(PlannedUnit unit) {
        shown.started(unit);
    }

    @Override
    public void rows(PlannedUnit unit, Progress progress) {
        shown.rows(unit, progress);
    }

    @Override
    public void committed(PlannedUnit unit, WriteResult result, Progress progress) {
        counted.committed(unit, result, progress);
        shown.committed(unit, result, progress);
    }

    @Override
    public void failed(PlannedUnit unit, RuntimeException cause, Progress progress) {
        counted.failed(unit, cause, progress);
        if (!isKeyUnknown(cause)) {
            shown.failed(unit, cause, progress);
        }
    }

    @Override
    public void finished(BackfillReport report) {
        shown.finished(report);
    }
}
