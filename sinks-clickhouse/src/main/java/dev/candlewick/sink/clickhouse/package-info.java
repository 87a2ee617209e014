/** Stores in ClickHouse; {@code ClickHouseStore} is the way in. */
@NullMarked
package dev.candlewick.sink.clickhouse;

import org.jspecify.annotations.NullMarked;
