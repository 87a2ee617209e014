package dev.candlewick.sink.bigquery.streaming;

/** How much time one partition of a table holds. */
public enum TablePartitions {
    /** One hour: for dense rows that are soon forgotten; a table has 10,000 partitions at most, 416 days of them. */
    HOUR,
    /** One UTC day. */
    DAY
}
