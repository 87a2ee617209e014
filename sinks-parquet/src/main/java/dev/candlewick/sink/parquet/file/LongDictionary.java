package dev.candlewick.sink.parquet.file;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The distinct values of a column chunk in order of appearance, and each row's place among them. */
final class LongDictionary {

    // 65,536 entries are half a megabyte in a reader's cache; beyond, a dictionary no longer pays.
    private static final int MOST = 1 << 16;
    private static final int FIRST_LOOK = 4_096;
    // Times of trades, each of which three share, went on to the 65,536th otherwise: a third of the time of writing.
    private static final int SECOND_LOOK = 8_192;

    private final int[] codes;
    private final long[] values;

    private LongDictionary(int[] codes, long[] values) {
        this.codes = codes;
        this.values = values;
    }

    int[] codes() {
        return codes;
    }

    long[] values() {
        return values;
    }

    /** The dictionary of the first {@code count} values, or null as soon as they prove too varied to profit. */
    static @Nullable LongDictionary of(long[] input, int count) {
        return of(input, count, Integer.MAX_VALUE);
    }

    /** As {@link #of(long[], int)}, of values whose differences may be written instead and leave less to gain. */
    static @Nullable LongDictionary ofDifferences(long[] input, int count) {
        return of(input, count, SECOND_LOOK);
    }

    private static @Nullable LongDictionary of(long[] input, int count, int secondLook) {
        int[] codes = new int[count];
        long[] distinct = new long[16];
        int[] table = new int[64];
        int size = 0;
        // A price is often that of the row before: a comparison instead of two looks into memory.
        long last = 0;
        int lastCode = -1;
        for (int i = 0; i < count; i++) {
            long value = input[i];
            if (value == last && lastCode >= 0) {
                codes[i] = lastCode;
                continue;
            }
            int slot = slot(value, table.length);
            int entry;
            while ((entry = table[slot]) != 0 && distinct[entry - 1] != value) {
                slot = (slot + 1) & (table.length - 1);
            }
            if (entry == 0) {
                if (size == MOST || (i >= FIRST_LOOK && size > i / 2) || (i >= secondLook && size > i / 4)) {
                    return null;
                }
                if (size == distinct.length) {
                    distinct = Arrays.copyOf(distinct, size * 2);
                }
                distinct[size++] = value;
                table[slot] = size;
                entry = size;
                if (size * 2 > table.length) {
                    table = rehash(distinct, size, table.length * 2);
                }
            }
            last = value;
            lastCode = entry - 1;
            codes[i] = lastCode;
        }
        return new LongDictionary(codes, Arrays.copyOf(distinct, size));
    }

    private static int[] rehash(long[] distinct, int size, int length) {
        int[] table = new int[length];
        for (int entry = 1; entry <= size; entry++) {
            int slot = slot(distinct[entry - 1], length);
            while (table[slot] != 0) {
                slot = (slot + 1) & (length - 1);
            }
            table[slot] = entry;
        }
        return table;
    }

    private static int slot(long value, int length) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        return (int) (mixed ^ (mixed >>> 32)) & (length - 1);
    }
}
