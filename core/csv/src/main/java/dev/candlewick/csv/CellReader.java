package dev.candlewick.csv;

import dev.candlewick.BatchBuilder;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumnBuilder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Reads one column of rows that are cut into cells: a loop over one type, with nothing to decide in it but whether a cell is
 * of the usual form. Whatever is not goes the slow way, which knows every form and every refusal. For one thread.
 */
abstract sealed class CellReader {

    /** More than any number needs. */
    private static final int LONGEST_NUMBER = 200;

    final String column;
    final int cell;
    final boolean nullable;

    CellReader(CsvLayout.Feed feed, int cell) {
        this.column = feed.field().name();
        this.cell = cell;
        this.nullable = feed.field().nullable();
    }

    /** Starts on a new batch. */
    abstract void start(BatchBuilder builder);

    abstract void read(Lines lines, Defects defects);

    /** One cell of any form; without quotes, and not empty. */
    abstract void readSlowly(byte[] text, int from, int to);

    abstract void appendNull();

    /** The way of every cell that is not of the usual form: nothing at all, in quotes, odd, or wrong. */
    final void slow(Lines lines, int row, Defects defects) {
        byte[] text = lines.bytes;
        int from = lines.start(row, cell);
        int to = lines.end(row, cell);
        try {
            if (to - from >= 2 && text[from] == '"' && text[to - 1] == '"') {
                from++;
                to--;
            }
            for (int at = from; at < to; at++) {
                if (text[at] == '"') {
                    throw new NumberFormatException("it has a quotation mark inside");
                }
            }
            if (from < to) {
                readSlowly(text, from, to);
            } else if (nullable) {
                appendNull();
            } else {
                throw new NumberFormatException("it has no value");
            }
        } catch (IllegalArgumentException | ArithmeticException bad) {
            defects.add(row, column, String.valueOf(bad.getMessage()));
        }
    }

    static String latin(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static String number(byte[] text, int from, int to) {
        if (to - from > LONGEST_NUMBER) {
            throw new NumberFormatException("a number of " + (to - from) + " characters");
        }
        return latin(text, from, to);
    }

    private static long integer(byte[] text, int from, int to) {
        String digits = number(text, from, to);
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException bad) {
            throw new NumberFormatException("'" + digits + "' is not a whole number of 64 bits");
        }
    }

    /** A reader that appends to one column of the batch, whose type is {@code C}. */
    private abstract static sealed class Appending<C> extends CellReader {
        private final int place;
        private final BiFunction<BatchBuilder, Integer, C> finder;
        private final Consumer<C> missing;
        C target;

        /**
         * @param finder the column of a batch at a place
         * @param missing appends no value
         */
        Appending(
                CsvLayout.Feed feed,
                int cell,
                int place,
                BatchBuilder builder,
                BiFunction<BatchBuilder, Integer, C> finder,
                Consumer<C> missing) {
            super(feed, cell);
            this.place = place;
            this.finder = finder;
            this.missing = missing;
            this.target = finder.apply(builder, place);
        }

        @Override
        void start(BatchBuilder builder) {
            target = finder.apply(builder, place);
        }

        @Override
        final void appendNull() {
            missing.accept(target);
        }
    }

    /** Instants; see {@link CsvTimes}. */
    static final class Times extends Appending<BatchBuilder.Times> {
        private final CsvClock clock;
        private final long[] read = new long[Lines.ROWS];

        Times(CsvLayout.Feed feed, int cell, CsvClock clock, int place, BatchBuilder builder) {
            super(feed, cell, place, builder, BatchBuilder::time, BatchBuilder.Times::appendNull);
            this.clock = clock;
        }

        /** The instants of the rows read last. */
        long[] values() {
            return read;
        }

        @Override
        void read(Lines lines, Defects defects) {
            byte[] text = lines.bytes;
            BatchBuilder.Times into = target;
            for (int row = 0; row < lines.rows; row++) {
                int from = lines.start(row, cell);
                long value = Digits.whole(text, from, lines.end(row, cell) - from);
                long micros = clock.quickMicros(value);
                if (micros > 0) {
                    read[row] = micros;
                    into.append(micros);
                } else {
                    slowRow = row;
                    slow(lines, row, defects);
                }
            }
        }

        private int slowRow;

        @Override
        void readSlowly(byte[] text, int from, int to) {
            long micros = clock.micros(integer(text, from, to), nullable);
            read[slowRow] = micros;
            target.append(micros);
        }
    }

    /** Exact decimals. */
    static final class Decimals extends Appending<DecimalColumnBuilder> {
        private final int scale;
        private final long greatest;

        Decimals(CsvLayout.Feed feed, int cell, ColumnType.Decimal type, int place, BatchBuilder builder) {
            super(feed, cell, place, builder, BatchBuilder::decimal, DecimalColumnBuilder::appendNull);
            this.scale = type.scale();
            this.greatest = type.precision() > 18 ? Long.MAX_VALUE : Digits.powerOfTen(type.precision()) - 1;
        }

        @Override
        void read(Lines lines, Defects defects) {
            byte[] text = lines.bytes;
            DecimalColumnBuilder into = target;
            for (int row = 0; row < lines.rows; row++) {
                int from = lines.start(row, cell);
                int sign = text[from] == '-' ? 1 : 0;
                long decimal = Digits.decimal(text, from + sign, lines.end(row, cell) - from - sign);
                int zeros = scale - Digits.fraction(decimal);
                // 18 digits at most, zeros included, fit 64 bits.
                if (decimal >= 0
                        && zeros >= 0
                        && zeros <= 18
                        && Digits.unscaled(decimal) < Digits.powerOfTen(18 - zeros)
                        && Digits.unscaled(decimal) * Digits.powerOfTen(zeros) <= greatest) {
                    long unscaled = Digits.unscaled(decimal) * Digits.powerOfTen(zeros);
                    into.appendUnscaled(sign == 0 ? unscaled : -unscaled);
                } else {
                    slow(lines, row, defects);
                }
            }
        }

        @Override
        void readSlowly(byte[] text, int from, int to) {
            String number = number(text, from, to);
            try {
                target.append(new BigDecimal(number));
            } catch (NumberFormatException bad) {
                throw new NumberFormatException("'" + number + "' is not a decimal number");
            }
        }
    }

    /** Whole numbers. */
    static final class Integers extends Appending<BatchBuilder.Longs> {

        Integers(CsvLayout.Feed feed, int cell, int place, BatchBuilder builder) {
            super(feed, cell, place, builder, BatchBuilder::int64, BatchBuilder.Longs::appendNull);
        }

        @Override
        void read(Lines lines, Defects defects) {
            byte[] text = lines.bytes;
            BatchBuilder.Longs into = target;
            for (int row = 0; row < lines.rows; row++) {
                int from = lines.start(row, cell);
                long value = Digits.whole(text, from, lines.end(row, cell) - from);
                if (value >= 0) {
                    into.append(value);
                } else {
                    slow(lines, row, defects);
                }
            }
        }

        @Override
        void readSlowly(byte[] text, int from, int to) {
            target.append(integer(text, from, to));
        }
    }

    /** Floating-point numbers, finite, divided by something. */
    static final class Doubles extends Appending<BatchBuilder.Doubles> {
        private static final long EXACT = 1L << 53;

        private final double divisor;

        Doubles(CsvLayout.Feed feed, int cell, int place, BatchBuilder builder) {
            super(feed, cell, place, builder, BatchBuilder::float64, BatchBuilder.Doubles::appendNull);
            this.divisor = feed.divisor();
        }

        @Override
        void read(Lines lines, Defects defects) {
            byte[] text = lines.bytes;
            BatchBuilder.Doubles into = target;
            for (int row = 0; row < lines.rows; row++) {
                int from = lines.start(row, cell);
                int length = lines.end(row, cell) - from;
                int sign = length > 0 && text[from] == '-' ? 1 : 0;
                long decimal = Digits.decimal(text, from + sign, length - sign);
                // The quotient of two integers that doubles hold exactly is the double nearest to what is written.
                if (decimal >= 0 && Digits.unscaled(decimal) <= EXACT) {
                    double value = (double) Digits.unscaled(decimal) / Digits.powerOfTen(Digits.fraction(decimal));
                    into.append((sign == 1 ? -value : value) / divisor);
                } else {
                    slow(lines, row, defects);
                }
            }
        }

        @Override
        void readSlowly(byte[] text, int from, int to) {
            String number = number(text, from, to);
            for (int i = 0; i < number.length(); i++) {
                if ("+-.0123456789eE".indexOf(number.charAt(i)) < 0) {
                    throw new NumberFormatException("'" + number + "' is not a number");
                }
            }
            double value;
            try {
                value = Double.parseDouble(number) / divisor;
            } catch (NumberFormatException bad) {
                throw new NumberFormatException("'" + number + "' is not a number");
            }
            if (!Double.isFinite(value)) {
                throw new NumberFormatException(number + " is beyond 64 bits");
            }
            target.append(value);
        }
    }

    /** Yes and no. */
    static final class Booleans extends Appending<BatchBuilder.Booleans> {

        Booleans(CsvLayout.Feed feed, int cell, int place, BatchBuilder builder) {
            super(feed, cell, place, builder, BatchBuilder::bool, BatchBuilder.Booleans::appendNull);
        }

        @Override
        void read(Lines lines, Defects defects) {
            byte[] text = lines.bytes;
            BatchBuilder.Booleans into = target;
            for (int row = 0; row < lines.rows; row++) {
                int from = lines.start(row, cell);
                int length = lines.end(row, cell) - from;
                long word = Digits.word(text, from);
                if (length == 5 && (word & 0xFF_FFFF_FFFFL) == 0x65_736C_6166L) {
                    into.append(false);
                } else if (length == 4 && (word & 0xFFFF_FFFFL) == 0x6575_7274L) {
                    into.append(true);
                } else {
                    slow(lines, row, defects);
                }
            }
        }

        @Override
        void readSlowly(byte[] text, int from, int to) {
            String word = number(text, from, to);
            switch (word) {
                case "true", "True", "TRUE" -> target.append(true);
                case "false", "False", "FALSE" -> target.append(false);
                default -> throw new NumberFormatException("'" + word + "' is neither true nor false");
            }
        }
    }

    /** Text: ids as numbers where they are, everything else by its bytes. */
    static final class Texts extends Appending<BatchBuilder.Texts> {
        private boolean numbers;

        Texts(CsvLayout.Feed feed, int cell, int place, BatchBuilder builder) {
            super(feed, cell, place, builder, BatchBuilder::text, BatchBuilder.Texts::appendNull);
        }

        @Override
        void start(BatchBuilder builder) {
            super.start(builder);
            numbers = true;
        }

        @Override
        void read(Lines lines, Defects defects) {
            byte[] text = lines.bytes;
            BatchBuilder.Texts into = target;
            for (int row = 0; row < lines.rows; row++) {
                int from = lines.start(row, cell);
                int to = lines.end(row, cell);
                long number = numbers && text[from] != '0' ? Digits.whole(text, from, to - from) : -1;
                if (number >= 0) {
                    into.appendNumber(number);
                } else if (to == from || (!lines.regular && hasQuote(text, from, to))) {
                    slow(lines, row, defects);
                } else {
                    append(text, from, to, row, defects);
                }
            }
        }

        private static boolean hasQuote(byte[] text, int from, int to) {
            for (int at = from; at < to; at++) {
                if (text[at] == '"') {
                    return true;
                }
            }
            return false;
        }

        private void append(byte[] text, int from, int to, int row, Defects defects) {
            numbers = false;
            try {
                target.appendUtf8(text, from, to);
            } catch (IllegalArgumentException bad) {
                defects.add(row, column, String.valueOf(bad.getMessage()));
            }
        }

        @Override
        void readSlowly(byte[] text, int from, int to) {
            target.appendUtf8(text, from, to);
        }
    }

    /** Text that stands for other text. */
    static final class Mapped extends Appending<BatchBuilder.Texts> {
        private final byte[][] known;
        private final byte[][] meanings;
        private final Map<String, String> texts;

        Mapped(CsvLayout.Feed feed, int cell, int place, BatchBuilder builder) {
            super(feed, cell, place, builder, BatchBuilder::text, BatchBuilder.Texts::appendNull);
            this.texts = feed.texts();
            this.known = texts.keySet().stream()
                    .map(text -> text.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
            this.meanings = texts.values().stream()
                    .map(text -> text.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
        }

        @Override
        void read(Lines lines, Defects defects) {
            byte[] text = lines.bytes;
            BatchBuilder.Texts into = target;
            for (int row = 0; row < lines.rows; row++) {
                int from = lines.start(row, cell);
                int to = lines.end(row, cell);
                int meaning = 0;
                while (meaning < known.length
                        && !Arrays.equals(text, from, to, known[meaning], 0, known[meaning].length)) {
                    meaning++;
                }
                if (meaning < known.length) {
                    into.appendUtf8(meanings[meaning], 0, meanings[meaning].length);
                } else {
                    slow(lines, row, defects);
                }
            }
        }

        @Override
        void readSlowly(byte[] text, int from, int to) {
            String word = new String(text, from, Math.min(to - from, LONGEST_NUMBER), StandardCharsets.UTF_8);
            String meaning = texts.get(word);
            if (meaning == null) {
                throw new NumberFormatException(
                        String.format(Locale.ROOT, "'%s' is none of %s", word, new TreeSet<>(texts.keySet())));
            }
            target.append(meaning);
        }
    }

    /** A column that the file does not know. */
    static final class Absent extends CellReader {
        private final int place;
        private final ColumnType type;
        private Runnable into = () -> {};

        Absent(CsvLayout.Feed feed, int place) {
            super(feed, 0);
            this.place = place;
            this.type = feed.field().type();
        }

        @Override
        void start(BatchBuilder builder) {
            if (type instanceof ColumnType.Time) {
                into = builder.time(place)::appendNull;
            } else if (type instanceof ColumnType.Decimal) {
                into = builder.decimal(place)::appendNull;
            } else if (type instanceof ColumnType.Int64) {
                into = builder.int64(place)::appendNull;
            } else if (type instanceof ColumnType.Float64) {
                into = builder.float64(place)::appendNull;
            } else if (type instanceof ColumnType.Bool) {
                into = builder.bool(place)::appendNull;
            } else {
                into = builder.text(place)::appendNull;
            }
        }

        @Override
        void read(Lines lines, Defects defects) {
            for (int row = 0; row < lines.rows; row++) {
                into.run();
            }
        }

        @Override
        void readSlowly(byte[] text, int from, int to) {
            into.run();
        }

        @Override
        void appendNull() {
            into.run();
        }
    }
}
