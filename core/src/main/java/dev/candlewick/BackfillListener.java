package dev.candlewick;

/**
 * Hears how a backfill goes; override what you need. Calls of one run come one at a time, so an implementation need not
 * be safe for many threads, but from the run's own threads; be quick. What a listener throws is logged and ignored.
 */
public interface BackfillListener {

    /** The run begins. */
    default void planned(BackfillPlan plan) {}

    /** A unit begins. */
    default void started(PlannedUnit unit) {}

    /** More rows of a unit were read. */
    default void rows(PlannedUnit unit, Progress progress) {}

    /** A unit is committed. */
    default void committed(PlannedUnit unit, WriteResult result, Progress progress) {}

    /** A unit failed; the others go on. */
    default void failed(PlannedUnit unit, RuntimeException cause, Progress progress) {}

    /** The run is over; not called when it was cancelled. */
    default void finished(BackfillReport report) {}
}
