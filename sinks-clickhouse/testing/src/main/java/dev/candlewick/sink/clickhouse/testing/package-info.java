/** A real ClickHouse server for tests. */
@NullMarked
package dev.candlewick.sink.clickhouse.testing;

import org.jspecify.annotations.NullMarked;
