package dev.candlewick.sink.parquet.file;

import org.apache.parquet.format.Encoding;

/**
 * One decompressed data page. The array belongs to the {@link PageReader}, has at least 16 bytes behind {@code end}, and
 * is good until the next page.
 *
 * @param bytes levels and values
 * @param levelsFrom where the definition levels start
 * @param from where the levels end and the values start
 * @param end where the values end
 * @param encoding of the values
 * @param levelEncoding of the definition levels
 * @param rows how many rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and its bytes are never changed
record DataPage(byte[] bytes, int levelsFrom, int from, int end, Encoding encoding, Encoding levelEncoding, int rows) {}
