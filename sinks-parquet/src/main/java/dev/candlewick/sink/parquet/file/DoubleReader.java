package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Field;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.values.ValuesReader;
import org.jspecify.annotations.Nullable;

/** Floating-point numbers of 64 or 32 bits; the shorter widen without loss. Bits go through as integers. */
final class DoubleReader extends ColumnReader {

    private final boolean single;
    private final ColumnDescriptor descriptor;
    private long @Nullable [] dictionary;
    private @Nullable Integers bits;
    private @Nullable ValuesReader others;
    private long[] read = new long[0];
    private double[] values = new double[0];

    DoubleReader(
            PageReader pages,
            Field field,
            boolean optional,
            long lastRow,
            IntegerForm bitsOf,
            ColumnDescriptor descriptor) {
        super(pages, field, optional, lastRow);
        this.single = bitsOf == IntegerForm.INT32;
        this.descriptor = descriptor;
    }

    private IntegerForm form() {
        return single ? IntegerForm.INT32 : IntegerForm.INT64;
    }

    @Override
    void dictionary(DataPage page) {
        dictionary = IntegerPage.dictionary(page, form());
    }

    @Override
    void page(DataPage page) {
        others = null;
        switch (page.encoding()) {
            case PLAIN, PLAIN_DICTIONARY, RLE_DICTIONARY ->
                bits = IntegerPage.open(page, form(), dictionary, descriptor);
            case BYTE_STREAM_SPLIT -> others = others(page, descriptor, page.rows());
            default -> throw new BadBytes("its numbers are encoded as " + page.encoding());
        }
    }

    @Override
    void begin(int count) {
        if (values.length != count) {
            values = new double[count];
            read = new long[count];
        }
    }

    @Override
    void readValues(int at, int count) {
        ValuesReader other = others;
        if (other != null) {
            for (int i = at; i < at + count; i++) {
                values[i] = single ? other.readFloat() : other.readDouble();
            }
        } else if (bits != null && count > 0) {
            bits.read(read, 0, count);
            for (int i = 0; i < count; i++) {
                values[at + i] = single ? Float.intBitsToFloat((int) read[i]) : Double.longBitsToDouble(read[i]);
            }
        }
    }

    @Override
    void skipValues(int count) {
        ValuesReader other = others;
        if (other != null) {
            other.skip(count);
        } else if (bits != null && count > 0) {
            bits.skip(count);
        }
    }

    @Override
    Column column(int rows) {
        return DoubleColumn.of(field().name(), Arrays.copyOf(values, rows));
    }

    @Override
    Column column(int rows, int[] defined) {
        return NullableColumns.doubles(field(), rows, defined, values);
    }
}
