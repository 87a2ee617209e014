package dev.candlewick.sink.parquet.file;

import dev.candlewick.Corrupt;
import org.jspecify.annotations.Nullable;

/**
 * A column chunk, as messages name it.
 *
 * @param file the file
 * @param column the column
 * @param rowGroup the row group, counted from 0
 */
record Place(String file, String column, int rowGroup) {

    Corrupt corrupt(int page, String what, @Nullable Throwable cause) {
        return new Corrupt(
                "Parquet file " + file + " is damaged at column '" + column + "', row group " + rowGroup + ", page "
                        + page + ": " + what
                        + ". Fetch or restore the file; its other columns and row groups may be sound",
                cause);
    }

    Corrupt corrupt(String what) {
        return new Corrupt("Parquet file " + file + " is damaged at column '" + column + "', row group " + rowGroup
                + ": " + what + ". Fetch or restore the file; its other columns and row groups may be sound");
    }
}
