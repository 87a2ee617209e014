package dev.candlewick;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The cursors of a run: opens them, closes them when the run is cancelled, and remembers which series the source refuses.
 * Safe for many threads.
 */
final class RunReads {

    private final Source source;
    private final RunTally tally;
    private final Map<Series, Refused> refused = new ConcurrentHashMap<>();
    private final Map<WatchedBatches, Boolean> reading = new ConcurrentHashMap<>();
    private volatile boolean cancelled;

    RunReads(Source source, RunTally tally) {
        this.source = source;
        this.tally = tally;
    }

    /** Why nothing of a series needs to be asked for any more. */
    Optional<Refused> refusal(Series series) {
        return Optional.ofNullable(refused.get(series));
    }

    /** Opens the rows of a part, hands them on, and closes them. */
    <T> T read(PlannedUnit unit, TimeRange part, Function<Batches, T> reader) {
        WatchedBatches batches = new WatchedBatches(open(unit.series(), part), unit, tally);
        reading.put(batches, Boolean.TRUE);
        try (batches) {
            if (cancelled) {
                throw new Cancelled("The backfill of " + unit.series() + " was cancelled");
            }
            return reader.apply(batches);
        } catch (Refused wrong) {
            // What the store refuses is about the rows of this unit; it is asked again for the next one.
            if (batches.refusedWith(wrong)) {
                remember(unit.series(), wrong);
            }
            throw wrong;
        } finally {
            reading.remove(batches);
        }
    }

    /** Lets reads that begin from here on end at once; those under way are ended by {@link #close}. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Closes what is being read. */
    void close() {
        reading.keySet().forEach(WatchedBatches::close);
    }

    private Batches open(Series series, TimeRange part) {
        try {
            return source.read(series, part);
        } catch (Refused wrong) {
            remember(series, wrong);
            throw wrong;
        }
    }

    // A second unit of an unknown symbol would be refused for the same reason: do not ask for it. Kinds of it, such as
    // an HTTP status, are about one request; the next unit may come another way.
    private void remember(Series series, Refused wrong) {
        if (wrong.getClass() == Refused.class) {
            refused.putIfAbsent(series, wrong);
        }
    }
}
