/** A real PostgreSQL server for tests. */
@NullMarked
package dev.candlewick.sink.postgres.testing;

import org.jspecify.annotations.NullMarked;
