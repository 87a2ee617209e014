/** What every object storage under the Parquet store must do. */
@NullMarked
package dev.candlewick.sink.parquet.testing;

import org.jspecify.annotations.NullMarked;
