package dev.candlewick.sink.bigquery.streaming;

import dev.candlewick.BatchBuilder;
import dev.candlewick.ColumnType;
import dev.candlewick.Corrupt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of one column in the order they arrived, 64 or 128 bits each: microseconds, integers, the bits of floating-point
 * numbers, unscaled decimals, 0 and 1, or places in a dictionary of texts. For one thread.
 */
final class Cells {

    private static final int FIRST_ROWS = 1 << 10;

    private final String name;
    private final ColumnType type;
    private final boolean nullable;
    private final BitSet nulls = new BitSet();
    private final Map<String, Integer> codes = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private long[] low = new long[FIRST_ROWS];
    private long[] high = new long[0];
    private int size;

    Cells(String name, ColumnType type, boolean nullable) {
        this.name = name;
        this.type = type;
        this.nullable = nullable;
        if (type instanceof ColumnType.Decimal) {
            high = new long[FIRST_ROWS];
        }
    }

    String name() {
        return name;
    }

    ColumnType type() {
        return type;
    }

    int size() {
        return size;
    }

    int bytesPerRow() {
        return high.length > 0 ? 16 : 8;
    }

    void add(long value) {
        grow();
        low[size++] = value;
    }

    void add(long highBits, long lowBits) {
        grow();
        high[size] = highBits;
        low[size++] = lowBits;
    }

    void add(String text) {
        Integer known = codes.get(text);
        if (known == null) {
            known = texts.size();
            codes.put(text, known);
            texts.add(text);
        }
        add(known);
    }

    /** The same text as the row before. */
    void addAgain() {
        add(low[size - 1]);
    }

    void addNull() {
        if (!nullable) {
            throw new Corrupt(
                    "Row " + size + " arrived without a value in column '" + name + "', where every row has one");
        }
        nulls.set(size);
        grow();
        low[size++] = 0;
    }

    private void grow() {
        if (size == low.length) {
            low = Arrays.copyOf(low, size * 2);
            if (high.length > 0) {
                high = Arrays.copyOf(high, size * 2);
            }
        }
    }

    /** Orders two rows of a column without nulls; texts as BigQuery does, by code points. */
    int compare(int a, int b) {
        if (type instanceof ColumnType.Text) {
            return low[a] == low[b] ? 0 : compareCodePoints(texts.get((int) low[a]), texts.get((int) low[b]));
        } else if (type instanceof ColumnType.Decimal) {
            int order = Long.compare(high[a], high[b]);
            return order != 0 ? order : Long.compareUnsigned(low[a], low[b]);
        }
        return Long.compare(low[a], low[b]);
    }

    private static int compareCodePoints(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                boolean pairs = Character.isSurrogate(a.charAt(i)) != Character.isSurrogate(b.charAt(i));
                int order = Character.compare(a.charAt(i), b.charAt(i));
                // Pairs stand for what comes after every single character.
                return pairs ? (Character.isSurrogate(a.charAt(i)) ? 1 : -1) : order;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Copies a row's value into a column of a batch. */
    void copy(int row, BatchBuilder to, int column) {
        boolean missing = nulls.get(row);
        if (type instanceof ColumnType.Time) {
            if (missing) {
                to.time(column).appendNull();
            } else {
                to.time(column).append(low[row]);
            }
        } else if (type instanceof ColumnType.Decimal) {
            if (missing) {
                to.decimal(column).appendNull();
            } else {
                appendDecimal(row, to, column);
            }
        } else if (type instanceof ColumnType.Int64) {
            if (missing) {
                to.int64(column).appendNull();
            } else {
                to.int64(column).append(low[row]);
            }
        } else if (type instanceof ColumnType.Float64) {
            if (missing) {
                to.float64(column).appendNull();
            } else {
                to.float64(column).append(Double.longBitsToDouble(low[row]));
            }
        } else if (type instanceof ColumnType.Bool) {
            if (missing) {
                to.bool(column).appendNull();
            } else {
                to.bool(column).append(low[row] != 0);
            }
        } else if (missing) {
            to.text(column).appendNull();
        } else {
            to.text(column).append(texts.get((int) low[row]));
        }
    }

    private void appendDecimal(int row, BatchBuilder to, int column) {
        try {
            to.decimal(column).appendUnscaled(high[row], low[row]);
        } catch (ArithmeticException tooWide) {
            throw new Corrupt(
                    "Column '" + name + "' has a value that " + type + " cannot hold: " + tooWide.getMessage(),
                    tooWide);
        }
    }
}
