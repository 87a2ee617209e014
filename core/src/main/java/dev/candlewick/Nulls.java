package dev.candlewick;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which rows of a column have no value: a bit per row, or nothing at all when every row has one. */
final class Nulls {

    static final Nulls NONE = new Nulls(null);

    private final long @Nullable [] bits;

    private Nulls(long @Nullable [] bits) {
        this.bits = bits;
    }

    static Nulls of(long @Nullable [] bits) {
        return bits == null ? NONE : new Nulls(bits);
    }

    boolean any() {
        return bits != null;
    }

    boolean isNull(int row) {
        return bits != null && (bits[row >> 6] & (1L << row)) != 0;
    }

    Nulls slice(int from, int to) {
        if (bits == null) {
            return NONE;
        }
        Collector sliced = new Collector();
        for (int row = from; row < to; row++) {
            if (isNull(row)) {
                sliced.mark(row - from);
            }
        }
        return sliced.toNulls();
    }

    /** Gathers the null rows while a column is built; costs nothing as long as there are none. */
    static final class Collector {

        private long @Nullable [] bits;

        void mark(int row) {
            int word = row >> 6;
            long[] grown = bits == null ? new long[Math.max(16, word + 1)] : bits;
            if (grown.length <= word) {
                grown = Arrays.copyOf(grown, Math.max(word + 1, grown.length * 2));
            }
            grown[word] |= 1L << row;
            bits = grown;
        }

        void truncate(int rows) {
            long[] marked = bits;
            if (marked == null) {
                return;
            }
            int word = rows >> 6;
            if (word < marked.length) {
                marked[word] &= (1L << rows) - 1;
                Arrays.fill(marked, word + 1, marked.length, 0);
            }
            if (Arrays.stream(marked).allMatch(rowBits -> rowBits == 0)) {
                bits = null;
            }
        }

        Nulls toNulls() {
            Nulls result = of(bits);
            bits = null;
            return result;
        }
    }

    /** Bits for {@code size} rows; a collector stops growing at its last null. */
    Nulls sized(int size) {
        long[] present = bits;
        int words = (size + 63) >> 6;
        return present == null || present.length >= words
                ? this
                : of(Arrays.copyOf(Objects.requireNonNull(present), words));
    }
}
