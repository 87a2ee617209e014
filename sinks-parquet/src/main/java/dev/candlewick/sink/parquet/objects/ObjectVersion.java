package dev.candlewick.sink.parquet.objects;

/**
 * Which content of a name is meant: a generation, an entity tag, a hash. Opaque, and equal only for the same write.
 *
 * @param text as the storage gave it
 */
public record ObjectVersion(String text) {

    /** Checks that there is one. */
    public ObjectVersion {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("A version is never empty");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
