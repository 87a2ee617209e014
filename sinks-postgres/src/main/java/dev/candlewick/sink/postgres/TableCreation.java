package dev.candlewick.sink.postgres;

/** Who makes the tables of a {@link PostgresStore}. */
public enum TableCreation {
    /** The store makes what is missing, when a series is first opened for writing. */
    WHEN_ABSENT,
    /** Somebody else made them; the store only checks that they have the right columns. */
    NEVER
}
