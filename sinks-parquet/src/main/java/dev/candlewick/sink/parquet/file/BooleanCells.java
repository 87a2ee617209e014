package dev.candlewick.sink.parquet.file;

import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.Field;
import java.util.Arrays;

/** Yes and no: a bit each, the only form that every reader takes in pages of version 1. */
final class BooleanCells extends Cells {

    private boolean[] values = new boolean[1_024];
    private int size;

    BooleanCells(Field field) {
        super(field);
    }

    @Override
    void appendValues(Column column, int from, int to) {
        int needed = size + to - from;
        if (needed > values.length) {
            values = Arrays.copyOf(values, Math.max(needed, values.length * 2));
        }
        ((BooleanColumn) column).copy(from, to, values, size);
        size = needed;
    }

    @Override
    void plain(int from, int to, ByteBuilder out) {
        for (int i = from; i < to; i += 8) {
            int bits = 0;
            for (int bit = 0; bit < Math.min(8, to - i); bit++) {
                bits |= values[i + bit] ? 1 << bit : 0;
            }
            out.write(bits);
        }
    }

    @Override
    Bounds bounds(int from, int to) {
        boolean all = true;
        boolean any = false;
        for (int i = from; i < to; i++) {
            all &= values[i];
            any |= values[i];
        }
        return new Bounds(new byte[] {(byte) (all ? 1 : 0)}, new byte[] {(byte) (any ? 1 : 0)});
    }

    @Override
    int compare(byte[] left, byte[] right) {
        return Byte.compare(left[0], right[0]);
    }

    @Override
    void clear() {
        super.clear();
        size = 0;
    }
}
