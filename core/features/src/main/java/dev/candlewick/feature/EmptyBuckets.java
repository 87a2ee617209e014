package dev.candlewick.feature;

/** What becomes of buckets in which nothing was traded. Before the first trade that is looked at there is never a row. */
public enum EmptyBuckets {
    /** A row with a count and sums of 0, without prices, with the book as it is. */
    DENSE,
    /** No row. */
    SPARSE,
    /** As {@link #DENSE}, with the close before as all four prices and {@code filled} set: for display. */
    FILL_FORWARD
}
