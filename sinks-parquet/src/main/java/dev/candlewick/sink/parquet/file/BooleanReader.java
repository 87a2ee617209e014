package dev.candlewick.sink.parquet.file;

import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.Field;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Yes and no, a bit each or in runs. */
final class BooleanReader extends ColumnReader {

    private @Nullable HybridDecoder runs;
    private byte[] bytes = new byte[0];
    private long bit;
    private long endBit;
    private int[] read = new int[0];
    private boolean[] values = new boolean[0];

    BooleanReader(PageReader pages, Field field, boolean optional, long lastRow) {
        super(pages, field, optional, lastRow);
    }

    @Override
    void dictionary(DataPage page) {
        throw new BadBytes("yes and no have no dictionary");
    }

    @Override
    void page(DataPage page) {
        runs = null;
        switch (page.encoding()) {
            case PLAIN -> {
                bytes = page.bytes();
                bit = (long) page.from() << 3;
                endBit = (long) page.end() << 3;
            }
            case RLE -> runs = new HybridDecoder(page.bytes(), Math.min(page.from() + 4, page.end()), page.end(), 1);
            default -> throw new BadBytes("yes and no are encoded as " + page.encoding());
        }
    }

    @Override
    void begin(int count) {
        if (values.length != count) {
            values = new boolean[count];
            read = new int[count];
        }
    }

    @Override
    void readValues(int at, int count) {
        HybridDecoder coded = runs;
        if (coded != null && count > 0) {
            coded.read(read, 0, count);
            for (int i = 0; i < count; i++) {
                values[at + i] = read[i] != 0;
            }
        } else if (coded == null) {
            long first = bit;
            skipValues(count);
            for (int i = 0; i < count; i++, first++) {
                values[at + i] = ((bytes[(int) (first >>> 3)] >>> (first & 7)) & 1) != 0;
            }
        }
    }

    @Override
    void skipValues(int count) {
        HybridDecoder coded = runs;
        if (coded != null) {
            coded.skip(count);
        } else if (count > endBit - bit) {
            throw new BadBytes("values end too early");
        } else {
            bit += count;
        }
    }

    @Override
    Column column(int rows) {
        return BooleanColumn.of(field().name(), Arrays.copyOf(values, rows));
    }

    @Override
    Column column(int rows, int[] defined) {
        return NullableColumns.booleans(field(), rows, defined, values);
    }
}
