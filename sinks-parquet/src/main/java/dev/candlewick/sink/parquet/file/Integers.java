package dev.candlewick.sink.parquet.file;

/** The integers of a page, one after the other. {@link BadBytes} when the page has fewer than it claims. */
interface Integers {

    void read(long[] target, int from, int count);

    void skip(int count);
}
