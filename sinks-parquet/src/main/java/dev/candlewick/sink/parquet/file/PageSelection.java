package dev.candlewick.sink.parquet.file;

import java.util.List;
import org.apache.parquet.format.PageLocation;

/** Finds pages by row. */
final class PageSelection {

    private PageSelection() {}

    /** The page that contains the row; 0 without an offset index. */
    static int pageOf(List<PageLocation> locations, long row) {
        int low = 0;
        int high = locations.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (locations.get(middle).getFirst_row_index() <= row) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
