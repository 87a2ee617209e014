package dev.candlewick.csv;

/**
 * How a file is read.
 *
 * @param rowsPerBatch rows of each batch but the last, 1 to 2<sup>20</sup>
 * @param mostBadRows rows that may be set aside before the file as a whole is refused
 * @param inflate what gunzips
 * @param threads who does it
 */
public record CsvOptions(int rowsPerBatch, int mostBadRows, CsvInflate inflate, CsvThreads threads) {

    /** Batches of 65,536 rows, a thousand bad ones at most, and whatever is quickest on this machine. */
    public static final CsvOptions DEFAULT = new CsvOptions(65_536, 1_000, CsvInflate.OWN, CsvThreads.AVAILABLE);

    /** Checks the bounds. */
    public CsvOptions {
        if (rowsPerBatch < 1 || rowsPerBatch > 1 << 20) {
            throw new IllegalArgumentException("A batch has 1 to 2^20 rows, not " + rowsPerBatch);
        }
        if (mostBadRows < 0) {
            throw new IllegalArgumentException("0 rows or more may be bad, not " + mostBadRows);
        }
    }

    /** The same with another number of rows per batch. */
    public CsvOptions withRowsPerBatch(int rows) {
        return new CsvOptions(rows, mostBadRows, inflate, threads);
    }

    /** The same with another bound on bad rows. */
    public CsvOptions withMostBadRows(int rows) {
        return new CsvOptions(rowsPerBatch, rows, inflate, threads);
    }

    /** The same with another gunzip. */
    public CsvOptions with(CsvInflate other) {
        return new CsvOptions(rowsPerBatch, mostBadRows, other, threads);
    }

    /** The same with another use of threads. */
    public CsvOptions with(CsvThreads other) {
        return new CsvOptions(rowsPerBatch, mostBadRows, inflate, other);
    }
}
