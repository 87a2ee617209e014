package dev.candlewick.sink.bigquery;

/** How a {@link BigQueryStore} divides the tables that it makes, always by time in UTC. */
public enum Partitioning {
    /** A partition per day: what queries and backfills of candles want. BigQuery takes 10,000 of them per table. */
    DAY,
    /** A partition per hour: for live rows of which few days are kept. */
    HOUR
}
