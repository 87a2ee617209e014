package dev.candlewick;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A column of text, held as a dictionary of distinct values and one code per row. */
public final class TextColumn implements Column {

    private final String name;
    private final List<String> dictionary;
    private final int[] codes;
    private final int size;
    private final Nulls nulls;

    TextColumn(String name, List<String> dictionary, int[] codes, int size, Nulls nulls) {
        this.name = name;
        this.dictionary = dictionary;
        this.codes = codes;
        this.size = size;
        this.nulls = nulls.sized(size);
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
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean hasNulls() {
        return nulls.any();
    }

    @Override
    public boolean isNull(int row) {
        return nulls.isNull(Objects.checkIndex(row, size));
    }

    @Override
    public ColumnType type() {
        return new ColumnType.Text();
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

    @Override
    public String toString() {
        return name + " text × " + size;
    }
}
