package dev.candlewick.sink.parquet.objects;

import java.time.Instant;

/**
 * What a storage says of an object without its content.
 *
 * @param name relative to the storage, with {@code /} between its parts
 * @param version which content
 * @param bytes how many it has
 * @param updated when it was written, by the storage's clock
 */
public record ObjectHead(String name, ObjectVersion version, long bytes, Instant updated) {}
