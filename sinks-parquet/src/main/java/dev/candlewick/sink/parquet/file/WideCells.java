package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.Field;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decimals of 19 to 38 digits: big-endian two's complement of the fewest bytes that hold the precision. The upper halves
 * are kept only once a value needs them: real volumes rarely do, and everything is twice as quick without.
 */
final class WideCells extends Cells {

    private final int width;
    private long[] low = new long[1_024];
    private long @Nullable [] high;
    private int size;

    WideCells(Field field, ColumnType.Decimal type) {
        super(field);
        this.width = StoredType.bytes(type.precision());
    }

    @Override
    void appendValues(Column column, int from, int to) {
        DecimalColumn decimals = (DecimalColumn) column;
        int needed = size + to - from;
        if (needed > low.length) {
            low = Arrays.copyOf(low, Math.max(needed, low.length * 2));
        }
        decimals.copyLow(from, to, low, size);
        if (high != null || !decimals.fitsLong()) {
            appendHigh(decimals, from, to);
        }
        size = needed;
    }

    private void appendHigh(DecimalColumn decimals, int from, int to) {
        long[] upper = high;
        if (upper == null) {
            upper = new long[low.length];
            for (int i = 0; i < size; i++) {
                upper[i] = low[i] >> 63;
            }
        } else if (upper.length < low.length) {
            upper = Arrays.copyOf(upper, low.length);
        }
        for (int row = from; row < to; row++) {
            upper[size + row - from] = decimals.high(row);
        }
        high = upper;
    }

    @Override
    void plain(int from, int to, ByteBuilder out) {
        if (width == 16 && high == null) {
            plainFromLongs(low, from, to, out);
        } else {
            for (int i = from; i < to; i++) {
                plain(high(i), low[i], out);
            }
        }
    }

    /** The common case, decimals of 38 digits that fit 64 bits: two stores a value. */
    private static void plainFromLongs(long[] values, int from, int to, ByteBuilder out) {
        byte[] target = out.room((to - from) * 16);
        int at = out.size();
        for (int i = from; i < to; i++, at += 16) {
            long value = values[i];
            ByteBuilder.LONG_BIG.set(target, at, value >> 63);
            ByteBuilder.LONG_BIG.set(target, at + 8, value);
        }
        out.advance((to - from) * 16);
    }

    private void plain(long upper, long lower, ByteBuilder out) {
        out.write(bytes(upper, lower), 0, width);
    }

    private byte[] bytes(long upper, long lower) {
        byte[] whole = new byte[16];
        ByteBuilder.LONG_BIG.set(whole, 0, upper);
        ByteBuilder.LONG_BIG.set(whole, 8, lower);
        return width == 16 ? whole : Arrays.copyOfRange(whole, 16 - width, 16);
    }

    private long high(int i) {
        return high == null ? low[i] >> 63 : high[i];
    }

    @Override
    @Nullable
    Codes dictionary(int count) {
        LongDictionary dictionary = high == null ? LongDictionary.of(low, count) : null;
        if (dictionary == null) {
            return null;
        }
        long[] distinct = dictionary.values();
        ByteBuilder entries = new ByteBuilder(distinct.length * width);
        if (width == 16) {
            plainFromLongs(distinct, 0, distinct.length, entries);
        } else {
            for (long value : distinct) {
                plain(value >> 63, value, entries);
            }
        }
        return new Codes(dictionary.codes(), distinct.length, entries);
    }

    @Override
    Bounds bounds(int from, int to) {
        if (high == null) {
            return boundsOfLongs(from, to);
        }
        int least = from;
        int greatest = from;
        for (int i = from + 1; i < to; i++) {
            least = compare(i, least) < 0 ? i : least;
            greatest = compare(i, greatest) > 0 ? i : greatest;
        }
        return new Bounds(bytes(high(least), low[least]), bytes(high(greatest), low[greatest]));
    }

    private Bounds boundsOfLongs(int from, int to) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (int i = from; i < to; i++) {
            long value = low[i];
            if (value < least) {
                least = value;
            }
            if (value > greatest) {
                greatest = value;
            }
        }
        return new Bounds(bytes(least >> 63, least), bytes(greatest >> 63, greatest));
    }

    private int compare(int left, int right) {
        int byHigh = Long.compare(high(left), high(right));
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low[left], low[right]);
    }

    @Override
    int compare(byte[] left, byte[] right) {
        // Equally long two's complement: the first byte carries the sign, the rest compares unsigned.
        return left[0] != right[0] ? Byte.compare(left[0], right[0]) : Arrays.compareUnsigned(left, right);
    }

    @Override
    void clear() {
        super.clear();
        size = 0;
        high = null;
    }
}
