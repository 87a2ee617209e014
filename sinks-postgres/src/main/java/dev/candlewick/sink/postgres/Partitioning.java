package dev.candlewick.sink.postgres;

/** How the tables that a {@link PostgresStore} creates are divided. Tables that are there already stay as they are. */
public enum Partitioning {
    /** One table per dataset. */
    NONE,
    /** A partition per month, or per year for candles of a day and longer, created as units are written. */
    MONTHLY,
    /**
     * A TimescaleDB hypertable where that extension is installed in the database, else one table. The project has no
     * TimescaleDB to test against: these statements follow its documentation and are otherwise unverified.
     */
    HYPERTABLE
}
