package dev.candlewick.sink.parquet;

import java.nio.file.Path;

/**
 * What {@link ParquetStore#combine} did.
 *
 * @param file the one file
 * @param rows rows in it
 * @param bytes its length
 * @param sha256 the SHA-256 of its bytes, 64 hex digits
 * @param contentHash the hash of its rows, equal to that of the rows in the store
 * @param outcome whether it had to be written
 */
public record CombineResult(Path file, long rows, long bytes, String sha256, String contentHash, Outcome outcome) {

    /** Whether the file was written. */
    public enum Outcome {
        /** It is new or replaces another. */
        WRITTEN,
        /** It was there with the same bytes and was left alone. */
        UNCHANGED
    }

    @Override
    public String toString() {
        return file + ": " + rows + " rows, " + bytes + " bytes" + (outcome == Outcome.UNCHANGED ? ", unchanged" : "");
    }
}
