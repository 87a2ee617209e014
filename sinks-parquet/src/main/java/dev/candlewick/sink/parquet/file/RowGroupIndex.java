package dev.candlewick.sink.parquet.file;

import dev.candlewick.Corrupt;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/** The page indexes of the columns that are read of one row group, fetched together. */
final class RowGroupIndex {

    private static final int LARGEST = 64 << 20;
    private static final int ONE_READ = 1 << 20;

    private final ByteSource source;
    private final String file;
    private final RowGroup group;
    private final int ordinal;
    private byte[] region = new byte[0];
    private long regionFrom;

    RowGroupIndex(ByteSource source, String file, RowGroup group, int ordinal) {
        this.source = source;
        this.file = file;
        this.group = group;
        this.ordinal = ordinal;
    }

    /** Whether every one of the columns, and the time's bounds, can be found by page. */
    boolean covers(List<FileColumn> columns, FileColumn time) {
        return chunk(time).isSetColumn_index_offset()
                && chunk(time).isSetColumn_index_length()
                && columns.stream()
                        .map(this::chunk)
                        .allMatch(chunk -> chunk.isSetOffset_index_offset() && chunk.isSetOffset_index_length());
    }

    /** Fetches in one read what lies close together, as it does in nearly every file. */
    void fetch(List<FileColumn> columns, FileColumn time) {
        long from = chunk(time).getColumn_index_offset();
        long to = from + chunk(time).getColumn_index_length();
        for (FileColumn column : columns) {
            long offset = chunk(column).getOffset_index_offset();
            from = Math.min(from, offset);
            to = Math.max(to, offset + chunk(column).getOffset_index_length());
        }
        if (from >= 0 && to <= source.length() && to - from <= ONE_READ) {
            region = bytes(time, from, (int) (to - from));
            regionFrom = from;
        }
    }

    /** The rows from the first to the last page that may hold rows of {@code [start, end)}; empty when there is none. */
    Optional<long[]> rows(FileColumn time, long start, long end) {
        ColumnIndex index = columnIndex(time);
        List<PageLocation> pages = locations(time);
        if (index.getMin_values().size() != pages.size()
                || index.getMax_values().size() != pages.size()
                || index.getNull_pages().size() != pages.size()) {
            throw corrupt(time, "its column index and its offset index differ in pages", null);
        }
        int first = -1;
        int last = -1;
        for (int page = 0; page < pages.size(); page++) {
            Optional<TimeBounds> bounds = TimeBounds.of(
                    time,
                    array(index.getMin_values().get(page)),
                    array(index.getMax_values().get(page)));
            boolean skipped = index.getNull_pages().get(page)
                    || (bounds.isPresent() && !bounds.get().mayOverlap(start, end));
            if (!skipped) {
                first = first < 0 ? page : first;
                last = page;
            }
        }
        if (first < 0) {
            return Optional.empty();
        }
        long to = last + 1 < pages.size() ? pages.get(last + 1).getFirst_row_index() : group.getNum_rows();
        return Optional.of(new long[] {pages.get(first).getFirst_row_index(), to});
    }

    /** Where the column's pages lie, checked to be in order and complete. */
    List<PageLocation> locations(FileColumn column) {
        ColumnChunk chunk = chunk(column);
        List<PageLocation> locations;
        try {
            OffsetIndex index = Util.readOffsetIndex(
                    stream(column, chunk.getOffset_index_offset(), chunk.getOffset_index_length()));
            locations = new ArrayList<>(index.getPage_locations());
        } catch (IOException | RuntimeException | StackOverflowError unreadable) {
            throw asCorrupt(column, "its offset index cannot be read", unreadable);
        }
        long before = -1;
        for (PageLocation location : locations) {
            if (location.getFirst_row_index() <= before
                    || location.getCompressed_page_size() < 0
                    || (before < 0 && location.getFirst_row_index() != 0)) {
                throw corrupt(column, "its offset index is not in order", null);
            }
            before = location.getFirst_row_index();
        }
        if (locations.isEmpty() || before >= group.getNum_rows()) {
            throw corrupt(column, "its offset index does not match its rows", null);
        }
        return locations;
    }

    private ColumnIndex columnIndex(FileColumn column) {
        ColumnChunk chunk = chunk(column);
        try {
            return Util.readColumnIndex(stream(column, chunk.getColumn_index_offset(), chunk.getColumn_index_length()));
        } catch (IOException | RuntimeException | StackOverflowError unreadable) {
            throw asCorrupt(column, "its column index cannot be read", unreadable);
        }
    }

    private ByteArrayInputStream stream(FileColumn column, long offset, int length) {
        if (offset < 0 || length <= 0 || length > LARGEST || offset > source.length() - length) {
            throw corrupt(column, "an index of " + length + " bytes at " + offset + " lies outside of the file", null);
        }
        if (offset >= regionFrom && offset + length <= regionFrom + region.length) {
            return new ByteArrayInputStream(region, (int) (offset - regionFrom), length);
        }
        return new ByteArrayInputStream(bytes(column, offset, length));
    }

    private byte[] bytes(FileColumn column, long offset, int length) {
        byte[] bytes = new byte[length];
        try {
            source.read(offset, bytes, 0, length);
        } catch (EOFException shorter) {
            throw corrupt(column, "the file became shorter while it was read", shorter);
        } catch (IOException failed) {
            throw new UncheckedIOException("Could not read " + file, failed);
        }
        return bytes;
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private ColumnChunk chunk(FileColumn column) {
        return group.getColumns().get(column.leaf());
    }

    private RuntimeException asCorrupt(FileColumn column, String what, Throwable cause) {
        return cause instanceof Corrupt || cause instanceof UncheckedIOException
                ? (RuntimeException) cause
                : corrupt(column, what, cause);
    }

    private Corrupt corrupt(FileColumn column, String what, @org.jspecify.annotations.Nullable Throwable cause) {
        Corrupt corrupt = new Place(file, column.name(), ordinal).corrupt(what);
        if (cause != null) {
            corrupt.addSuppressed(cause);
        }
        return corrupt;
    }
}
