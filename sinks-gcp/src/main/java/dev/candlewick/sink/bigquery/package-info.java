/** The store in BigQuery. */
@NullMarked
package dev.candlewick.sink.bigquery;

import org.jspecify.annotations.NullMarked;
