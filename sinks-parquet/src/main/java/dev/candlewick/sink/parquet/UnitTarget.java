package dev.candlewick.sink.parquet;

import dev.candlewick.Provenance;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.util.Optional;

/**
 * Where one writer's units go. Made when the writer is opened, it remembers what was stored then. For one thread.
 *
 * @param <D> what holds the rows of a unit until they are committed
 */
interface UnitTarget<D extends Draft> {

    /** The place in messages. */
    String place();

    /**
     * Does nothing while the store is open.
     *
     * @throws IllegalStateException once it is closed
     */
    void requireOpen();

    /** Begins the rows of a unit. */
    D draft(TimeRange unit) throws IOException;

    /**
     * Commits a unit with the rows of the draft, or with none of its own. The draft is used up. Nothing comes of a unit of
     * which nothing is known and of which the commit says nothing either.
     *
     * @throws dev.candlewick.Unavailable when other rows were committed to the range since the writer was opened; they
     *     stand
     */
    Optional<UnitOutcome> commit(TimeRange unit, Optional<D> draft, Provenance provenance) throws IOException;

    /** The writer has ended. */
    void ended();
}
