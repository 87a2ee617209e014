package dev.candlewick.source.tardis;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A complete file on disk.
 *
 * @param path where
 * @param bytes how long it is
 * @param sha256 of its bytes, lower-case hexadecimal
 * @param version what Tardis tells versions apart by, usually the ETag; empty when not known
 * @param askedAt when it was fetched
 */
record CachedCopy(Path path, long bytes, String sha256, String version, Instant askedAt) {}
