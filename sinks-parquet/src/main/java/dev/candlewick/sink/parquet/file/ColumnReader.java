package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.Corrupt;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/** Reads one column chunk row by row: keeps the place in its pages, gives columns of as many rows as are asked for. */
abstract class ColumnReader {

    private final PageReader pages;
    private final Field field;
    private final boolean optional;
    private final long limit;
    private boolean started;
    private int leftInPage;
    private boolean loaded;
    private @Nullable HybridDecoder levels;
    private byte @Nullable [] oldLevels;
    private int oldLevelAt;
    private int[] defined = new int[0];
    private long row;

    ColumnReader(PageReader pages, Field field, boolean optional, long lastRow) {
        this.pages = pages;
        this.field = field;
        this.optional = optional;
        this.limit = pages.limit(lastRow);
        this.row = pages.firstRow();
    }

    final Field field() {
        return field;
    }

    /** The row of the row group that is read next. */
    final long row() {
        return row;
    }

    /** Passes over rows; whole pages without decompressing them. */
    final void skip(int rows) {
        guarded(() -> {
            int rest = rows;
            while (rest > 0) {
                if (leftInPage == 0) {
                    step();
                }
                int take = Math.min(rest, leftInPage);
                if (!loaded && take == leftInPage) {
                    pages.skip();
                } else {
                    load();
                    skipValues(optional ? levels(0, take) : take);
                }
                leftInPage -= take;
                rest -= take;
            }
        });
        row += rows;
    }

    /** The next rows as a column. */
    final Column read(int rows) {
        if (optional && defined.length < rows) {
            defined = new int[rows];
        }
        int[] values = new int[1];
        guarded(() -> {
            begin(rows);
            for (int done = 0; done < rows; ) {
                if (leftInPage == 0) {
                    step();
                }
                load();
                int take = Math.min(rows - done, leftInPage);
                int present = optional ? levels(done, take) : take;
                readValues(values[0], present);
                values[0] += present;
                leftInPage -= take;
                done += take;
            }
            if (values[0] < rows && !field.nullable()) {
                throw new BadBytes("row " + (row + firstNull()) + " of the row group has no value, but '" + field
                        + "' allows none");
            }
        });
        Column[] column = new Column[1];
        guarded(() -> column[0] = values[0] == rows ? column(rows) : column(rows, defined));
        row += rows;
        return column[0];
    }

    private int firstNull() {
        int at = 0;
        while (defined[at] != 0) {
            at++;
        }
        return at;
    }

    private void step() {
        if (!started) {
            started = true;
            DataPage dictionary = pages.dictionary(limit);
            if (dictionary != null) {
                dictionary(dictionary);
            }
        }
        leftInPage = pages.next(limit);
        loaded = false;
    }

    private void load() {
        if (loaded) {
            return;
        }
        DataPage page = pages.load();
        loaded = true;
        levels = null;
        oldLevels = null;
        if (optional && page.levelEncoding() == Encoding.BIT_PACKED) {
            oldLevels = page.bytes();
            oldLevelAt = page.levelsFrom() * 8;
        } else if (optional) {
            levels = new HybridDecoder(page.bytes(), page.levelsFrom(), page.from(), 1);
        }
        page(page);
    }

    /** Reads definition levels to {@code defined} and counts the values that they announce. */
    private int levels(int at, int count) {
        if (defined.length < at + count) {
            defined = Arrays.copyOf(defined, at + count);
        }
        byte[] old = oldLevels;
        if (levels != null) {
            levels.read(defined, at, count);
        } else if (old != null) {
            for (int i = 0; i < count; i++, oldLevelAt++) {
                defined[at + i] = (old[oldLevelAt >>> 3] >>> (7 - (oldLevelAt & 7))) & 1;
            }
        }
        int present = 0;
        for (int i = at; i < at + count; i++) {
            present += defined[i];
        }
        return present;
    }

    /** Says where bad bytes are, whatever way they were noticed. */
    private void guarded(Runnable reading) {
        try {
            reading.run();
        } catch (Corrupt | Refused | java.io.UncheckedIOException known) {
            throw known;
        } catch (BadBytes bad) {
            throw pages.place().corrupt(pages.number(), String.valueOf(bad.getMessage()), null);
        } catch (RuntimeException unreadable) {
            throw pages.place()
                    .corrupt(pages.number(), "its values cannot be decoded (" + unreadable + ")", unreadable);
        }
    }

    /** The value's refusal: the file is sound, but the column asked for cannot hold it exactly. */
    final Refused refused(int inRead, String value) {
        return new Refused(
                "Row " + (row + inRead) + " of row group " + pages.place().rowGroup() + " of column '"
                        + field.name() + "' in Parquet file " + pages.place().file() + " is " + value
                        + ", which '" + field + "' cannot hold exactly");
    }

    /** Decodes the dictionary of the chunk. */
    abstract void dictionary(DataPage page);

    /** Starts on the values of a page. */
    abstract void page(DataPage page);

    /** Prepares for up to that many values. */
    abstract void begin(int count);

    /** Reads {@code count} values behind the {@code at} values read since {@link #begin}. */
    abstract void readValues(int at, int count);

    abstract void skipValues(int count);

    /** The column of the values read, one per row. */
    abstract Column column(int rows);

    /** The column of the values read, where {@code defined} is 1 for rows that have one. */
    abstract Column column(int rows, int[] defined);

    /** What decodes a page in an encoding that only others write. */
    static org.apache.parquet.column.values.ValuesReader others(
            DataPage page, org.apache.parquet.column.ColumnDescriptor descriptor, int valuesAtMost) {
        OtherEncodings.check(page, valuesAtMost);
        try {
            return OtherEncodings.reader(page, descriptor);
        } catch (IOException unreadable) {
            throw new BadBytes("its values cannot be decoded (" + unreadable.getMessage() + ")");
        }
    }
}
