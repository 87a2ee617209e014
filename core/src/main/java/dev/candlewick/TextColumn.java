package dev.candlewick;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A column of text, held as a dictionary of distinct values and one code per row. */
public final class TextColumn extends ColumnHead implements Column {

    private final List<String> dictionary;
    private final int[] codes;

    TextColumn(String name, List<String> dictionary, int[] codes, int size, Nulls nulls) {
        super(name, new ColumnType.Text(), size, nulls);
        this.dictionary = dictionary;
        this.codes = codes;
    }

    /** A column without nulls. */
    public static TextColumn of(String name, String... values) {
        Map<String, Integer> dictionary = new LinkedHashMap<>();
        int[] codes = new int[values.length];
        for (int row = 0; row < values.length; row++) {
            codes[row] = dictionary.computeIfAbsent(values[row], unseen -> dictionary.size());
        }
        return new TextColumn(name, List.copyOf(dictionary.keySet()), codes, codes.length, Nulls.NONE);
    }

    /** The row's text; the same object for equal rows. */
    public String value(int row) {
        return isNull(row) ? "" : dictionary.get(codes[row]);
    }

    /** The row's place in the {@link #dictionary}; 0 for null rows. */
    public int code(int row) {
        return codes[Objects.checkIndex(row, size)];
    }

    /** The distinct texts; rows refer to them by place. May hold texts that no row uses. */
    public List<String> dictionary() {
        return dictionary;
    }

    @Override
    public TextColumn slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return new TextColumn(name, dictionary, Arrays.copyOfRange(codes, from, to), to - from, nulls.slice(from, to));
    }

    @Override
    public String text(int row) {
        return value(row);
    }
}
