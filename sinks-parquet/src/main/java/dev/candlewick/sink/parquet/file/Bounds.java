package dev.candlewick.sink.parquet.file;

/**
 * The smallest and the greatest value of a page or column chunk in the form that statistics have.
 *
 * @param least the smallest value
 * @param greatest the greatest value
 */
@SuppressWarnings("ArrayRecordComponent") // compared by the column's order, never as a record
record Bounds(byte[] least, byte[] greatest) {}
