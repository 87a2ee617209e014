package dev.candlewick;

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

    /** Frees what this sink holds. What it was given by the caller stays open. */
    @Override
    default void close() {}
}
