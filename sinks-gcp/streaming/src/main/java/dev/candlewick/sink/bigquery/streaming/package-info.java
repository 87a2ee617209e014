/** Rows into and out of BigQuery as streams. */
@NullMarked
package dev.candlewick.sink.bigquery.streaming;

import org.jspecify.annotations.NullMarked;
