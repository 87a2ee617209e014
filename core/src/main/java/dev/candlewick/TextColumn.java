package dev.candlewick;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column of text, held as a dictionary of distinct values and one code per row; or, where every text is a whole number
 * such as a trade's id, as those numbers, for which a dictionary of texts is made only when somebody asks for it.
 *
 * <pre>{@code
 * TextColumn ids = batch.texts("id");
 * if (ids.isNumeric()) {
 *     for (int row = 0; row < ids.size(); row++) use(ids.number(row));
 * }
 * }</pre>
 */
public final class TextColumn extends ColumnHead implements Column {

    /** The most digits that a number of a column that {@link #isNumeric} has. */
    public static final int MOST_DIGITS = TextNumbers.MOST_DIGITS;

    private final long @Nullable [] numbers;
    /** Of numbers made when first asked for; two threads that ask at once make equal ones. */
    private volatile @Nullable Coded coded;

    private static final class Coded {
        private final List<String> dictionary;
        private final int[] codes;

        Coded(List<String> dictionary, int[] codes) {
            this.dictionary = dictionary;
            this.codes = codes;
        }
    }

    TextColumn(String name, List<String> dictionary, int[] codes, int size, Nulls nulls) {
        super(name, new ColumnType.Text(), size, nulls);
        this.numbers = null;
        this.coded = new Coded(dictionary, codes);
    }

    /** A column of numbers of {@link TextNumbers}; null rows hold 0. */
    TextColumn(String name, long[] numbers, int size, Nulls nulls) {
        super(name, new ColumnType.Text(), size, nulls);
        this.numbers = numbers;
    }

    /** A column without nulls. */
    @SuppressWarnings("ReferenceEquality") // the same object is the same text; another one is looked up
    public static TextColumn of(String name, String... values) {
        Map<String, Integer> dictionary = new LinkedHashMap<>();
        int[] codes = new int[values.length];
        // Texts that come from a dictionary are few objects; the two met last, such as sides, need no look into the
        // map.
        @Nullable String newer = null;
        @Nullable String older = null;
        int newerCode = 0;
        int olderCode = 0;
        for (int row = 0; row < values.length; row++) {
            String value = Objects.requireNonNull(values[row], "value");
            if (value != newer && value != older) {
                older = newer;
                olderCode = newerCode;
                newer = value;
                newerCode = dictionary.computeIfAbsent(value, unseen -> dictionary.size());
            }
            codes[row] = value == newer ? newerCode : olderCode;
        }
        return new TextColumn(name, List.copyOf(dictionary.keySet()), codes, codes.length, Nulls.NONE);
    }

    /**
     * A column without nulls that takes an array of codes over instead of copying it: for decoders of dictionaries. The caller
     * must not write to it any more.
     *
     * @param dictionary distinct texts, of which the rows need not use all
     * @param codes the place in the dictionary of each row's text
     * @throws IllegalArgumentException when a text occurs twice or a code is no place in the dictionary
     */
    public static TextColumn adopt(String name, List<String> dictionary, int[] codes) {
        List<String> texts = List.copyOf(dictionary);
        if (new HashSet<>(texts).size() < texts.size()) {
            throw new IllegalArgumentException("The dictionary of column '" + name + "' has a text twice");
        }
        // Negative once a code is, or is too large; without a branch, so the compiler makes vector instructions of it.
        int outside = 0;
        for (int code : codes) {
            outside |= code | (texts.size() - 1 - code);
        }
        if (outside < 0) {
            throw new IllegalArgumentException(
                    "A code of column '" + name + "' is no place in its dictionary of " + texts.size());
        }
        return new TextColumn(name, texts, codes, codes.length, Nulls.NONE);
    }

    /**
     * A column without nulls of whole numbers from 0 to 18 digits as text, over a copy of them.
     *
     * @throws IllegalArgumentException for a number that is negative or longer
     */
    public static TextColumn ofNumbers(String name, long... numbers) {
        for (long number : numbers) {
            if (number < 0 || number > TextNumbers.GREATEST) {
                throw new IllegalArgumentException(
                        "Column '" + name + "' holds text that is a number of up to 18 digits, not " + number);
            }
        }
        return new TextColumn(name, numbers.clone(), numbers.length, Nulls.NONE);
    }

    /** The row's text; the same object for equal rows unless the column {@link #isNumeric}. */
    public String value(int row) {
        if (isNull(row)) {
            return "";
        }
        long[] whole = numbers;
        return whole != null ? Long.toString(whole[row]) : coded().dictionary.get(coded().codes[row]);
    }

    /**
     * Whether the texts are held as numbers: whole, without sign or leading zeros, of up to 18 digits. A column of such
     * texts need not be.
     */
    public boolean isNumeric() {
        return numbers != null;
    }

    /** The number that the row's text writes; 0 for null rows. {@link IllegalStateException} unless {@link #isNumeric}. */
    public long number(int row) {
        Objects.checkIndex(row, size);
        return numbers()[row];
    }

    /** Copies the numbers of the rows {@code [from, to)} into {@code target} from {@code at} on; as {@link #number}. */
    public void copyNumbers(int from, int to, long[] target, int at) {
        Objects.checkFromToIndex(from, to, size);
        System.arraycopy(numbers(), from, target, at, to - from);
    }

    /**
     * Writes the digits of the row's {@link #number} in ASCII, which is the text in UTF-8, into {@code target} from
     * {@code at} on, where up to {@link #MOST_DIGITS} must have room; gives how many they are. Makes no object.
     */
    public int copyDigits(int row, byte[] target, int at) {
        return TextNumbers.digits(number(row), target, at);
    }

    /** The row's place in the {@link #dictionary}; 0 for null rows. */
    public int code(int row) {
        return coded().codes[Objects.checkIndex(row, size)];
    }

    /** Copies the {@link #code}s of the rows {@code [from, to)} into {@code target} from {@code at} on. */
    public void copyCodes(int from, int to, int[] target, int at) {
        Objects.checkFromToIndex(from, to, size);
        System.arraycopy(coded().codes, from, target, at, to - from);
    }

    /**
     * The distinct texts; rows refer to them by place. May hold texts that no row uses. For a column that
     * {@link #isNumeric} this makes a text per distinct number: use those where there may be many.
     */
    public List<String> dictionary() {
        return coded().dictionary;
    }

    @Override
    public TextColumn slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        Nulls sliced = nulls.slice(from, to);
        return numbers != null
                ? new TextColumn(name, Arrays.copyOfRange(numbers, from, to), to - from, sliced)
                : new TextColumn(
                        name, coded().dictionary, Arrays.copyOfRange(coded().codes, from, to), to - from, sliced);
    }

    @Override
    public String text(int row) {
        return value(row);
    }

    private long[] numbers() {
        long[] whole = numbers;
        if (whole == null) {
            throw new IllegalStateException("Column '" + name + "' holds text that is not all numbers");
        }
        return whole;
    }

    private Coded coded() {
        Coded known = coded;
        if (known == null) {
            known = coded(numbers());
            coded = known;
        }
        return known;
    }

    private Coded coded(long[] whole) {
        Map<Long, Integer> places = new LinkedHashMap<>();
        int[] codes = new int[size];
        for (int row = 0; row < size; row++) {
            if (!isNull(row)) {
                codes[row] = places.computeIfAbsent(whole[row], unseen -> places.size());
            }
        }
        return new Coded(places.keySet().stream().map(String::valueOf).toList(), codes);
    }
}
