/** Object storage in a bucket of S3. */
@NullMarked
package dev.candlewick.sink.s3;

import org.jspecify.annotations.NullMarked;
