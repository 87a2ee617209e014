/** Batches as Apache Arrow vectors and back. Needs {@code arrow-vector} and an Arrow memory module on the class path. */
@NullMarked
package dev.candlewick.sink.parquet.arrow;

import org.jspecify.annotations.NullMarked;
