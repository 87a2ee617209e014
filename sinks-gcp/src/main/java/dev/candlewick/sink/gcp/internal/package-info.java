/** What the stores in Cloud Storage and BigQuery share. Not for users: it changes without notice. */
@NullMarked
package dev.candlewick.sink.gcp.internal;

import org.jspecify.annotations.NullMarked;
