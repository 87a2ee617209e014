package dev.candlewick;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Batch} row by row, columns in the schema's order.
 *
 * <pre>{@code
 * BatchBuilder builder = new BatchBuilder(series, 1_440);
 * builder.time(0).append(openMicros);
 * builder.decimal(1).appendText(line, from, to);
 * ...
 * builder.endRow();
 * Batch batch = builder.build();
 * }</pre>
 *
 * <p>Hot loops fetch the column builders once, outside the loop. {@link #endRow} checks that every column received
 * exactly one value; {@link #discardRow} takes back a row that turned out bad half way. For one thread.
 */
public final class BatchBuilder {

    private final Series series;
    private final ColumnCells[] cells;
    private int rows;

    /** A builder with room for {@code capacity} rows; it grows as needed. */
    public BatchBuilder(Series series, int capacity) {
        this.series = series;
        this.cells = series.schema().fields().stream()
                .map(field -> cells(field, capacity))
                .toArray(ColumnCells[]::new);
    }

    /** Finished rows so far. */
    public int rows() {
        return rows;
    }

    /** The builder of a time column, by place in the schema. */
    public Times time(int column) {
        if (cells[column] instanceof Times builder) {
            return builder;
        }
        throw otherType(column, "time");
    }

    /** The builder of a decimal column, by place in the schema. */
    public DecimalColumnBuilder decimal(int column) {
        if (cells[column] instanceof DecimalColumnBuilder builder) {
            return builder;
        }
        throw otherType(column, "decimal");
    }

    /** The builder of an integer column, by place in the schema. */
    public Longs int64(int column) {
        if (cells[column] instanceof Longs builder) {
            return builder;
        }
        throw otherType(column, "int64");
    }

    /** The builder of a floating-point column, by place in the schema. */
    public Doubles float64(int column) {
        if (cells[column] instanceof Doubles builder) {
            return builder;
        }
        throw otherType(column, "float64");
    }

    /** The builder of a yes-and-no column, by place in the schema. */
    public Booleans bool(int column) {
        if (cells[column] instanceof Booleans builder) {
            return builder;
        }
        throw otherType(column, "bool");
    }

    /** The builder of a text column, by place in the schema. */
    public Texts text(int column) {
        if (cells[column] instanceof Texts builder) {
            return builder;
        }
        throw otherType(column, "text");
    }

    /**
     * Appends one row of plain values in the schema's order: {@link Instant} or epoch micros, {@link BigDecimal} or its
     * text, any whole number that fits 64 bits, {@link Double}, {@link Boolean}, {@link String}; null where the column
     * allows it. For tests and small data.
     *
     * @throws IllegalArgumentException when a value does not fit its column, naming both and the row; the builder stays as
     *     it was
     */
    public BatchBuilder row(@Nullable Object... values) {
        if (values.length != cells.length) {
            throw new IllegalArgumentException(
                    series + " has columns " + series.schema().names() + ", not " + values.length + " values");
        }
        try {
            for (int i = 0; i < values.length; i++) {
                appendNamed(i, values[i]);
            }
        } catch (RuntimeException unfit) {
            discardRow();
            throw unfit;
        }
        endRow();
        return this;
    }

    /** Ends the row; every column must have received exactly one value since the last one ended. */
    public void endRow() {
        rows++;
        for (int i = 0; i < cells.length; i++) {
            if (cells[i].size != rows) {
                int received = cells[i].size - rows + 1;
                throw new IllegalStateException(
                        "Column '" + series.schema().names().get(i) + "' of " + series + " received " + received
                                + " values for row " + (rows - 1));
            }
        }
    }

    /** Ends so many rows at once, for whoever appends column by column; every column must have received one value for each. */
    public void endRows(int count) {
        for (int i = 0; i < cells.length; i++) {
            if (cells[i].size != rows + count) {
                throw new IllegalStateException(
                        "Column '" + series.schema().names().get(i) + "' of " + series + " received "
                                + (cells[i].size - rows) + " values for " + count + " rows");
            }
        }
        rows += count;
    }

    /** Takes back the values of the rows that were not ended. */
    public void discardRow() {
        for (ColumnCells column : cells) {
            column.truncate(rows);
        }
    }

    /** The finished rows as a batch; the builder starts again empty. */
    public Batch build() {
        discardRow();
        List<Column> columns = new ArrayList<>(cells.length);
        for (ColumnCells column : cells) {
            columns.add(column.build());
        }
        rows = 0;
        return Batch.of(series, columns);
    }

    private IllegalArgumentException otherType(int column, String asked) {
        return new IllegalArgumentException("Column " + column + " of " + series + " is '"
                + series.schema().fields().get(column) + "' and takes no " + asked);
    }

    private void appendNamed(int column, @Nullable Object value) {
        Field field = series.schema().fields().get(column);
        try {
            if (value == null) {
                appendNull(field, cells[column]);
            } else {
                append(cells[column], value);
            }
        } catch (IllegalArgumentException | ArithmeticException unfit) {
            throw new IllegalArgumentException(
                    "Column '" + field + "' of " + series + ", row " + rows + ", cannot hold "
                            + (value == null ? "null" : value.getClass().getSimpleName() + " " + value) + ": "
                            + unfit.getMessage(),
                    unfit);
        }
    }

    private static void appendNull(Field field, ColumnCells target) {
        if (!field.nullable()) {
            throw new IllegalArgumentException("every row has a value there");
        }
        target.appendNull();
    }

    private static void append(ColumnCells target, Object value) {
        if (target instanceof Times times && value instanceof Instant instant) {
            times.append(EpochMicros.of(instant));
        } else if (target instanceof Times times && value instanceof Long micros) {
            times.append(micros);
        } else if (target instanceof DecimalColumnBuilder decimals && value instanceof BigDecimal decimal) {
            decimals.append(decimal);
        } else if (target instanceof DecimalColumnBuilder decimals && value instanceof String text) {
            decimals.append(decimal(text));
        } else if (target instanceof Longs longs) {
            longs.append(whole(value));
        } else if (target instanceof Doubles doubles && value instanceof Double number) {
            doubles.append(number);
        } else if (target instanceof Booleans booleans && value instanceof Boolean flag) {
            booleans.append(flag);
        } else if (target instanceof Texts texts && value instanceof String text) {
            texts.append(text);
        } else {
            throw new IllegalArgumentException("it is of another type");
        }
    }

    private static long whole(Object value) {
        if (value instanceof BigInteger big) {
            return big.longValueExact();
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        throw new IllegalArgumentException("it is of another type");
    }

    private static BigDecimal decimal(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException unreadable) {
            NumberFormatException named = new NumberFormatException("it is not a decimal number");
            named.initCause(unreadable);
            throw named;
        }
    }

    private static ColumnCells cells(Field field, int capacity) {
        ColumnType type = field.type();
        String name = field.name();
        if (type instanceof ColumnType.Time) {
            return new Times(name, capacity);
        } else if (type instanceof ColumnType.Decimal decimal) {
            return new DecimalColumnBuilder(name, decimal, capacity);
        } else if (type instanceof ColumnType.Int64) {
            return new Longs(name, capacity);
        } else if (type instanceof ColumnType.Float64) {
            return new Doubles(name, capacity);
        } else if (type instanceof ColumnType.Bool) {
            return new Booleans(name, capacity);
        } else {
            return new Texts(name, capacity);
        }
    }

    private static long[] withRoom(long[] values, int size, int more) {
        return size + more <= values.length ? values : Arrays.copyOf(values, Math.max(size + more, 2 * size));
    }

    /** Builds a {@link TimeColumn}. */
    public static final class Times extends ColumnCells {
        private long[] values;

        private Times(String name, int capacity) {
            super(name);
            this.values = new long[Math.max(16, capacity)];
        }

        /** Appends an instant in microseconds since the epoch. */
        public void append(long epochMicros) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
            }
            values[size++] = epochMicros;
        }

        /** Appends the instants in microseconds since the epoch {@code [from, to)} of an array. */
        public void append(long[] source, int from, int to) {
            values = withRoom(values, size, to - from);
            System.arraycopy(source, from, values, size, to - from);
            size += to - from;
        }

        /** Appends a row without a value. */
        @Override
        public void appendNull() {
            nulls.mark(size);
            append(0);
        }

        @Override
        Column build() {
            TimeColumn column = new TimeColumn(name, values, size, nulls.toNulls());
            values = new long[16];
            size = 0;
            return column;
        }
    }

    /** Builds a {@link LongColumn}. */
    public static final class Longs extends ColumnCells {
        private long[] values;

        private Longs(String name, int capacity) {
            super(name);
            this.values = new long[Math.max(16, capacity)];
        }

        /** Appends a number. */
        public void append(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
            }
            values[size++] = value;
        }

        /** Appends the numbers {@code [from, to)} of an array. */
        public void append(long[] source, int from, int to) {
            values = withRoom(values, size, to - from);
            System.arraycopy(source, from, values, size, to - from);
            size += to - from;
        }

        /** Appends a row without a value. */
        @Override
        public void appendNull() {
            nulls.mark(size);
            append(0);
        }

        @Override
        Column build() {
            LongColumn column = new LongColumn(name, values, size, nulls.toNulls());
            values = new long[16];
            size = 0;
            return column;
        }
    }

    /** Builds a {@link DoubleColumn}. */
    public static final class Doubles extends ColumnCells {
        private double[] values;

        private Doubles(String name, int capacity) {
            super(name);
            this.values = new double[Math.max(16, capacity)];
        }

        /** Appends a number. */
        public void append(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
            }
            values[size++] = value;
        }

        /** Appends a row without a value. */
        @Override
        public void appendNull() {
            nulls.mark(size);
            append(0);
        }

        @Override
        Column build() {
            DoubleColumn column = new DoubleColumn(name, values, size, nulls.toNulls());
            values = new double[16];
            size = 0;
            return column;
        }
    }

    /** Builds a {@link BooleanColumn}. */
    public static final class Booleans extends ColumnCells {
        private boolean[] values;

        private Booleans(String name, int capacity) {
            super(name);
            this.values = new boolean[Math.max(16, capacity)];
        }

        /** Appends yes or no. */
        public void append(boolean value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
            }
            values[size++] = value;
        }

        /** Appends a row without a value. */
        @Override
        public void appendNull() {
            nulls.mark(size);
            append(false);
        }

        @Override
        Column build() {
            BooleanColumn column = new BooleanColumn(name, values, size, nulls.toNulls());
            values = new boolean[16];
            size = 0;
            return column;
        }
    }

    /**
     * Builds a {@link TextColumn}: of numbers as long as every text is one, else of a dictionary. Whoever has bytes appends
     * those, which makes no text of what was met before.
     */
    public static final class Texts extends ColumnCells {
        private final TextDictionary dictionary = new TextDictionary();
        private long[] numbers;
        private int @Nullable [] codes;

        private Texts(String name, int capacity) {
            super(name);
            this.numbers = new long[Math.max(16, capacity)];
        }

        /** Appends text. */
        public void append(String value) {
            long number = codes == null ? TextNumbers.of(value) : -1;
            if (number >= 0) {
                appendNumber(number);
            } else {
                appendCode(dictionary(), dictionary.code(value));
            }
        }

        /**
         * Appends the text with the UTF-8 bytes {@code [from, to)}.
         *
         * @throws IllegalArgumentException when these are not UTF-8; the builder stays as it was
         */
        public void appendUtf8(byte[] text, int from, int to) {
            long number = codes == null ? TextNumbers.of(text, from, to) : -1;
            if (number >= 0) {
                appendNumber(number);
                return;
            }
            int[] into = dictionary();
            try {
                appendCode(into, dictionary.code(text, from, to));
            } catch (CharacterCodingException unreadable) {
                throw new IllegalArgumentException("Text for column '" + name + "' is not UTF-8", unreadable);
            }
        }

        /** Appends the text of a whole number of 0 to 18 digits. */
        public void appendNumber(long number) {
            if (number < 0 || number > TextNumbers.GREATEST) {
                throw new IllegalArgumentException(
                        number + " is no number of 0 to 18 digits for column '" + name + "'");
            }
            if (codes != null) {
                append(Long.toString(number));
                return;
            }
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, Math.multiplyExact(size, 2));
            }
            numbers[size++] = number;
        }

        /** Appends the texts of the whole numbers {@code [from, to)} of an array, each of 0 to 18 digits. */
        public void appendNumbers(long[] source, int from, int to) {
            long outside = 0;
            for (int i = from; i < to; i++) {
                outside |= source[i] | (TextNumbers.GREATEST - source[i]);
            }
            if (outside < 0 || codes != null) {
                for (int i = from; i < to; i++) {
                    appendNumber(source[i]);
                }
                return;
            }
            numbers = withRoom(numbers, size, to - from);
            System.arraycopy(source, from, numbers, size, to - from);
            size += to - from;
        }

        /**
         * Appends the texts {@code [from, to)} of an array that holds each as its up to eight ASCII letters, the first in
         * the lowest byte and zeros behind the last: {@code "buy"} is {@code 0x797562}.
         */
        public void appendWords(long[] words, int from, int to) {
            int[] target = dictionary();
            if (size + to - from > target.length) {
                target = Arrays.copyOf(target, Math.max(size + to - from, 2 * size));
                codes = target;
            }
            dictionary.codes(words, from, to, target, size);
            size += to - from;
        }

        /** Appends a row without a value. */
        @Override
        public void appendNull() {
            nulls.mark(size);
            if (codes == null) {
                appendNumber(0);
            } else {
                append("");
            }
        }

        /** The codes so far; numbers become texts of the dictionary first. */
        private int[] dictionary() {
            int[] known = codes;
            if (known == null) {
                known = new int[numbers.length];
                for (int row = 0; row < size; row++) {
                    known[row] = dictionary.code(Long.toString(numbers[row]));
                }
                codes = known;
            }
            return known;
        }

        private void appendCode(int[] into, int code) {
            int[] target = into;
            if (size == target.length) {
                target = Arrays.copyOf(target, Math.multiplyExact(size, 2));
                codes = target;
            }
            target[size++] = code;
        }

        @Override
        Column build() {
            Nulls missing = nulls.toNulls();
            int[] known = codes;
            TextColumn column = known == null
                    ? new TextColumn(name, numbers, size, missing)
                    : new TextColumn(name, dictionary.texts(), known, size, missing);
            dictionary.clear();
            numbers = new long[16];
            codes = null;
            size = 0;
            return column;
        }
    }
}
