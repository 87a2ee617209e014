package dev.candlewick.sink.parquet.file;

/** Bytes that cannot be what they claim; {@link ColumnReader} adds where they are and makes it a {@code Corrupt}. */
final class BadBytes extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadBytes(String message) {
        super(message);
    }
}
