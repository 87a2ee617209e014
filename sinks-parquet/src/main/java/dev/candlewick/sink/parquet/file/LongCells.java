package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.Field;
import dev.candlewick.LongColumn;
import dev.candlewick.TimeColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Times, integers and decimals of up to 18 digits. */
final class LongCells extends Cells {

    private long[] values = new long[1_024];
    private int size;

    LongCells(Field field) {
        super(field);
    }

    @Override
    void appendValues(Column column, int from, int to) {
        int needed = size + to - from;
        if (needed > values.length) {
            values = Arrays.copyOf(values, Math.max(needed, values.length * 2));
        }
        if (column instanceof TimeColumn times) {
            times.copy(from, to, values, size);
        } else if (column instanceof LongColumn longs) {
            longs.copy(from, to, values, size);
        } else {
            ((DecimalColumn) column).copyLow(from, to, values, size);
        }
        size = needed;
    }

    @Override
    void plain(int from, int to, ByteBuilder out) {
        plain(values, from, to, out);
    }

    static void plain(long[] values, int from, int to, ByteBuilder out) {
        byte[] target = out.room((to - from) * 8);
        int at = out.size();
        for (int i = from; i < to; i++, at += 8) {
            ByteBuilder.LONG_LITTLE.set(target, at, values[i]);
        }
        out.advance((to - from) * 8);
    }

    @Override
    long[] integers() {
        return values;
    }

    @Override
    @Nullable
    Codes dictionary(int count) {
        LongDictionary dictionary = LongDictionary.ofDifferences(values, count);
        if (dictionary == null) {
            return null;
        }
        long[] distinct = dictionary.values();
        ByteBuilder entries = new ByteBuilder(distinct.length * 8);
        plain(distinct, 0, distinct.length, entries);
        return new Codes(dictionary.codes(), distinct.length, entries);
    }

    @Override
    Bounds bounds(int from, int to) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (int i = from; i < to; i++) {
            long value = values[i];
            if (value < least) {
                least = value;
            }
            if (value > greatest) {
                greatest = value;
            }
        }
        return new Bounds(bytes(least), bytes(greatest));
    }

    private static byte[] bytes(long value) {
        byte[] bytes = new byte[8];
        ByteBuilder.LONG_LITTLE.set(bytes, 0, value);
        return bytes;
    }

    @Override
    int compare(byte[] left, byte[] right) {
        return Long.compare((long) ByteBuilder.LONG_LITTLE.get(left, 0), (long) ByteBuilder.LONG_LITTLE.get(right, 0));
    }

    @Override
    void clear() {
        super.clear();
        size = 0;
    }
}
