/** Where the Parquet store keeps its objects when that is not a directory of its own: the interface of object storages. */
@NullMarked
package dev.candlewick.sink.parquet.objects;

import org.jspecify.annotations.NullMarked;
