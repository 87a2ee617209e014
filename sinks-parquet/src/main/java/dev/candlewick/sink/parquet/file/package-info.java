/**
 * Parquet files written and read without Hadoop. Not API: public only for the store beside it, and free to change.
 *
 * <p>The writer has three encodings and one codec, chosen so that every common reader takes the files; the reader takes
 * whatever common writers make, as long as it maps exactly onto the columns asked for.
 */
@NullMarked
package dev.candlewick.sink.parquet.file;

import org.jspecify.annotations.NullMarked;
