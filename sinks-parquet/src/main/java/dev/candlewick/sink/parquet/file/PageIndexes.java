package dev.candlewick.sink.parquet.file;

import dev.candlewick.sink.parquet.file.ChunkWriter.WrittenPage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;

/** The indexes by which a reader finds the pages of a column chunk that can hold what it looks for. */
final class PageIndexes {

    private PageIndexes() {}

    /** The bounds of all pages together; empty when one of them has values but no bounds. */
    static Optional<Bounds> whole(List<WrittenPage> pages, Cells order, int rowsPerPage, int rows) {
        Bounds whole = null;
        for (WrittenPage page : pages) {
            Bounds bounds = page.bounds();
            if (bounds == null) {
                if (!allNull(page, rowsPerPage, rows)) {
                    return Optional.empty();
                }
            } else if (whole == null) {
                whole = bounds;
            } else {
                whole = new Bounds(
                        order.compare(bounds.least(), whole.least()) < 0 ? bounds.least() : whole.least(),
                        order.compare(bounds.greatest(), whole.greatest()) > 0 ? bounds.greatest() : whole.greatest());
            }
        }
        return Optional.ofNullable(whole);
    }

    /** The column index; none when a page with values has no bounds, which the format cannot say. */
    static Optional<ColumnIndex> columnIndex(List<WrittenPage> pages, Cells order, int rowsPerPage, int rows) {
        List<Boolean> nullPages = new ArrayList<>();
        List<ByteBuffer> least = new ArrayList<>();
        List<ByteBuffer> greatest = new ArrayList<>();
        List<Long> nulls = new ArrayList<>();
        for (WrittenPage page : pages) {
            Bounds bounds = page.bounds();
            if (bounds == null && !allNull(page, rowsPerPage, rows)) {
                return Optional.empty();
            }
            nullPages.add(bounds == null);
            least.add(ByteBuffer.wrap(bounds == null ? new byte[0] : bounds.least()));
            greatest.add(ByteBuffer.wrap(bounds == null ? new byte[0] : bounds.greatest()));
            nulls.add((long) page.nulls());
        }
        ColumnIndex index = new ColumnIndex(nullPages, least, greatest, boundaryOrder(pages, order));
        index.setNull_counts(nulls);
        return Optional.of(index);
    }

    static OffsetIndex offsetIndex(List<WrittenPage> pages, long fileOffset) {
        List<PageLocation> locations = new ArrayList<>();
        for (WrittenPage page : pages) {
            locations.add(new PageLocation(fileOffset + page.start(), page.size(), page.firstRow()));
        }
        return new OffsetIndex(locations);
    }

    private static boolean allNull(WrittenPage page, int rowsPerPage, int rows) {
        return page.nulls() == Math.min(rowsPerPage, rows - page.firstRow());
    }

    private static BoundaryOrder boundaryOrder(List<WrittenPage> pages, Cells order) {
        boolean ascending = true;
        boolean descending = true;
        Bounds before = null;
        for (WrittenPage page : pages) {
            Bounds bounds = page.bounds();
            if (bounds != null && before != null) {
                int least = order.compare(before.least(), bounds.least());
                int greatest = order.compare(before.greatest(), bounds.greatest());
                ascending &= least <= 0 && greatest <= 0;
                descending &= least >= 0 && greatest >= 0;
            }
            before = bounds == null ? before : bounds;
        }
        return ascending ? BoundaryOrder.ASCENDING : descending ? BoundaryOrder.DESCENDING : BoundaryOrder.UNORDERED;
    }
}
