package dev.candlewick.sink.bigquery;

/** What a {@link BigQueryStore} makes when it is missing. */
public enum Creation {
    /** Nothing: everything is there, or writing is refused. */
    NOTHING,
    /** The tables; the dataset is there. */
    TABLES,
    /** The dataset too, in the location of the store. */
    DATASET_AND_TABLES
}
