package dev.candlewick.sink.parquet.file;

/**
 * A column chunk as a dictionary and places in it.
 *
 * @param codes one place per value; more than there are values where the array is longer
 * @param size how many entries the dictionary has
 * @param entries the dictionary, plainly encoded
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Codes(int[] codes, int size, ByteBuilder entries) {}
