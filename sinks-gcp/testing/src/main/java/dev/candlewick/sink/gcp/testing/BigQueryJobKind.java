package dev.candlewick.sink.gcp.testing;

/** What a job of {@link LocalBigQuery} does. */
public enum BigQueryJobKind {
    /** Loads a file into a table. */
    LOAD,
    /** Runs one statement. */
    QUERY,
    /** Runs a script of several statements. */
    SCRIPT
}
