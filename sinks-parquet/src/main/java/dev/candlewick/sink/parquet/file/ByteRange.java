package dev.candlewick.sink.parquet.file;

/**
 * A stretch of bytes.
 *
 * @param from the first one
 * @param to behind the last one
 */
public record ByteRange(long from, long to) {

    /** Checks that it does not end before it begins. */
    public ByteRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("There are no bytes from " + from + " to " + to);
        }
    }

    /** How many bytes. */
    public long length() {
        return to - from;
    }
}
