/** Stores in PostgreSQL; {@code PostgresStore} is the way in. */
@NullMarked
package dev.candlewick.sink.postgres;

import org.jspecify.annotations.NullMarked;
