package dev.candlewick.sink.parquet;

/**
 * The file that holds a unit's rows, as its receipt names it.
 *
 * @param path its final name relative to the root of the store, with {@code /} on every system
 * @param staged the name it has beside the final one until it is renamed, which happens after the receipt is durable
 * @param bytes its length
 * @param sha256 the SHA-256 of its bytes, 64 hex digits
 */
record DataFile(String path, String staged, long bytes, String sha256) {

    /** No file: the unit has no rows. */
    static final DataFile NONE = new DataFile("", "", 0, "");

    DataFile {
        if (staged.indexOf('/') >= 0 || staged.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("its staged file '" + staged + "' is not beside the final one");
        }
    }

    boolean exists() {
        return !path.isEmpty();
    }
}
