package dev.candlewick;

import java.util.List;
import java.util.Optional;

/** Something that rows can be written to. Safe for many threads; every writer is for one. */
public interface Sink extends AutoCloseable {

    /** A short name for messages, metrics and reports: {@code parquet:data}. */
    String name();

    /**
     * Starts writing rows of a series whose time lies in the range. Nothing is visible before
     * {@link SinkWriter#commit()}.
     *
     * @throws Refused when the series cannot be stored here: another schema is stored already, the rows are filled
     *     forward, the place cannot be written
     */
    SinkWriter open(Series series, TimeRange range);

    /** Writes everything the cursor gives, commits it with its provenance, and closes the cursor whatever happens. */
    default WriteResult write(Batches batches) {
        try (batches;
                SinkWriter writer = open(batches.series(), batches.range())) {
            for (Batch batch : batches) {
                writer.append(batch);
            }
            return writer.commit(batches.provenance());
        }
    }

    /**
     * Begins a group of writes that are committed together; empty when this sink commits each as cheaply by itself.
     *
     * @throws Refused when nothing can be written here
     */
    default Optional<WriteGroup> group() {
        return Optional.empty();
    }

    /**
     * What writing these units would use up of quotas or money, a line each for people: load jobs, table modifications.
     * Works it out from what is known without writing anything; empty when nothing is counted.
     */
    default List<String> writeCosts(List<PlannedUnit> units) {
        return List.of();
    }

    /** Frees what this sink holds. What it was given by the caller stays open. */
    @Override
    default void close() {}
}
