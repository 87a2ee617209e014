package dev.candlewick.sink.parquet.testing;

/** What an {@link dev.candlewick.sink.parquet.objects.ObjectStorage} can be asked. */
public enum Request {
    /** For what a name has behind it. */
    HEAD,
    /** For a stretch of an object. */
    READ,
    /** For the end of an object. */
    READ_END,
    /** To write an object. */
    WRITE,
    /** To delete an object. */
    DELETE,
    /** For what lies below a prefix. */
    LIST;

    /** Whether it can change what is there. */
    public boolean changes() {
        return this == WRITE || this == DELETE;
    }
}
