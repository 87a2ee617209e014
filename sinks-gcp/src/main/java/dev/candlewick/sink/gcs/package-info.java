/** Object storage in a bucket of Cloud Storage. */
@NullMarked
package dev.candlewick.sink.gcs;

import org.jspecify.annotations.NullMarked;
