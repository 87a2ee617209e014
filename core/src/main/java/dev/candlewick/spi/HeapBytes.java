package dev.candlewick.spi;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.TextColumn;

/** About how much of the heap rows take, for whoever keeps batches until some bound. */
public final class HeapBytes {

    private static final int VALUE_BYTES = 8;
    /** A string and its array without the letters. */
    private static final int TEXT_BYTES = 56;

    private HeapBytes() {}

    /** About the bytes of a batch: its values, and the texts to which they refer. */
    public static long of(Batch batch) {
        long bytes = 0;
        for (Column column : batch.columns()) {
            boolean wide = column instanceof DecimalColumn decimals && !decimals.fitsLong();
            bytes += (wide ? 2L : 1L) * VALUE_BYTES * column.size();
            if (column instanceof TextColumn texts && !texts.isNumeric()) {
                for (String text : texts.dictionary()) {
                    bytes += TEXT_BYTES + 2L * text.length();
                }
            }
        }
        return bytes;
    }
}
