/** A store of Parquet files on local disk: exact columns, one receipt per unit, nothing lost and nothing doubled by a crash. */
@NullMarked
package dev.candlewick.sink.parquet;

import org.jspecify.annotations.NullMarked;
