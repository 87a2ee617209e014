package dev.candlewick;

/**
 * Writes one series over one range:
 *
 * <ol>
 *   <li>{@link #append} batches in time order, as often as needed, also not at all;
 *   <li>{@link #commit(Provenance)} once: the range now holds exactly the appended rows;
 *   <li>{@link #close} always; without a commit everything appended is dropped.
 * </ol>
 *
 * <p>A range that touches several calendar units of the store commits unit by unit in time order, each all or nothing and
 * together with its ledger entry. A crash between two units leaves the earlier ones whole and the later ones untouched;
 * writing again completes it. Rows outside the range are never touched. For one thread.
 */
public interface SinkWriter extends AutoCloseable {

    /**
     * Takes rows that follow the ones before.
     *
     * @throws IllegalArgumentException when a row is outside the range, goes back in time or repeats a key; the message
     *     names the row, and nothing of the batch is taken
     * @throws Refused when a value is one that this store cannot hold; the message names the row and the column, and the
     *     unit's old rows stand. Some stores notice only in {@link #commit(Provenance)}, before anything is written
     */
    void append(Batch batch);

    /**
     * Makes the range hold exactly the appended rows, and records what is known of the stretches without any. Rows that
     * were there before are replaced; committing the same rows again changes nothing.
     *
     * @throws Unconfirmed when the outcome is unknown; writing again settles it
     * @throws Unavailable when the store cannot take it now (disk full, server away); the old rows stand
     */
    WriteResult commit(Provenance provenance);

    /** Commits rows without provenance: slots without a row stay {@link GapReason#NOT_FETCHED}. */
    default WriteResult commit() {
        return commit(Provenance.none());
    }

    /** Ends the writing; drops whatever was not committed. */
    @Override
    void close();
}
