package dev.candlewick.sink.parquet.objects;

/**
 * A stretch of an object's content, and which content it is of.
 *
 * @param head the whole object, as of this answer
 * @param offset where the bytes begin in it
 * @param bytes theirs, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // a value to be taken apart, never compared; copying costs megabytes
public record ObjectPart(ObjectHead head, long offset, byte[] bytes) {}
