package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Field;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Features. Kept as raw bits, so that every NaN and both zeros come back as they were. */
final class DoubleCells extends Cells {

    private long[] bits = new long[1_024];
    private int size;

    DoubleCells(Field field) {
        super(field);
    }

    @Override
    void appendValues(Column column, int from, int to) {
        DoubleColumn doubles = (DoubleColumn) column;
        int needed = size + to - from;
        if (needed > bits.length) {
            bits = Arrays.copyOf(bits, Math.max(needed, bits.length * 2));
        }
        for (int row = from; row < to; row++) {
            bits[size++] = Double.doubleToRawLongBits(doubles.value(row));
        }
    }

    @Override
    void plain(int from, int to, ByteBuilder out) {
        LongCells.plain(bits, from, to, out);
    }

    @Override
    @Nullable
    Codes dictionary(int count) {
        LongDictionary dictionary = LongDictionary.of(bits, count);
        if (dictionary == null) {
            return null;
        }
        long[] distinct = dictionary.values();
        ByteBuilder entries = new ByteBuilder(distinct.length * 8);
        LongCells.plain(distinct, 0, distinct.length, entries);
        return new Codes(dictionary.codes(), distinct.length, entries);
    }

    /** None as soon as there is a NaN, as the format asks; zeros widen to both signs. */
    @Override
    @Nullable
    Bounds bounds(int from, int to) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            double value = Double.longBitsToDouble(bits[i]);
            if (Double.isNaN(value)) {
                return null;
            }
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        return new Bounds(bytes(least == 0 ? -0.0 : least), bytes(greatest == 0 ? 0.0 : greatest));
    }

    private static byte[] bytes(double value) {
        byte[] bytes = new byte[8];
        ByteBuilder.LONG_LITTLE.set(bytes, 0, Double.doubleToRawLongBits(value));
        return bytes;
    }

    @Override
    int compare(byte[] left, byte[] right) {
        return Double.compare(value(left), value(right));
    }

    private static double value(byte[] bytes) {
        return Double.longBitsToDouble((long) ByteBuilder.LONG_LITTLE.get(bytes, 0));
    }

    @Override
    void clear() {
        super.clear();
        size = 0;
    }
}
