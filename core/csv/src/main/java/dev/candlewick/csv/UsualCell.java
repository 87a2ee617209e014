package dev.candlewick.csv;

import dev.candlewick.BatchBuilder;
import dev.candlewick.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A cell of the usual form: where it ends and what it says are found together. Each way of reading answers where the cell
 * ends, or {@link #UNUSUAL}; whoever asks checks that what it ends with ends a cell. What rows hold here waits, a value a row,
 * until it is appended to the columns that the cell feeds. For one thread.
 */
final class UsualCell {

    /** What is in a cell, for a jump rather than a call. */
    enum Kind {
        CONSTANT,
        PASSED_OVER,
        TIME,
        DECIMAL,
        INTEGER,
        TEXT,
        MAPPED,
        BOOL
    }

    static final int UNUSUAL = -1;

    private static final int WORD = Long.BYTES;
    private static final int MICROS_DIGITS = 2 * WORD;
    private static final int LONGEST_PASSED_OVER = 1_000;
    private static final long TOP = 0x8080808080808080L;
    private static final long TRUE = 0x6575_7274L;
    private static final long FALSE = 0x65_736C_6166L;

    final Kind kind;
    final byte end;
    final long[] values = new long[Lines.ROWS];
    private final boolean nullable;
    private final List<Integer> places;
    private final CsvClock clock;
    private final boolean[] missing = new boolean[Lines.ROWS];
    private boolean anyMissing;

    // A constant, or several in a row with their commas, as words of which the last is masked.
    private long[] words = new long[0];
    private long lastMask = -1;
    private int length;

    // Times of neighbouring rows share their first digits, ids their number of them.
    private long head;
    private long lead = -1;
    private int likelyLength = 1;

    // A decimal with what ends it, up to 16 bytes, and what it says.
    private long sameHead;
    private long sameTail;
    private long headMask;
    private long tailMask;
    private long sameValue;
    private int sameLength;

    // By digits behind the point: what a decimal's digits are multiplied by, and the least that are too many then.
    private long[] factors = new long[0];
    private long[] bounds = new long[0];
    private int scale;

    private boolean numbers;
    private boolean told;
    private long[] known = new long[0];
    private long[] meanings = new long[0];

    private UsualCell(Kind kind, byte end, boolean nullable, List<Integer> places, CsvClock clock) {
        this.kind = kind;
        this.end = end;
        this.nullable = nullable;
        this.places = places;
        this.clock = clock;
    }

    /** The cell at a place of the file; empty where a column asks for more than is usual. */
    static Optional<UsualCell> of(CsvLayout layout, CsvHeader header, int place, CsvClock clock) {
        String name = header.names().get(place);
        byte end = (byte) (place == header.names().size() - 1 ? '\n' : ',');
        List<Integer> places = new ArrayList<>();
        List<CsvLayout.Feed> fed = new ArrayList<>();
        for (CsvLayout.Feed feed : layout.feeds()) {
            if (feed.header().equals(name)) {
                places.add(layout.feeds().indexOf(feed));
                fed.add(feed);
            }
        }
        Set<String> constants = layout.constants().getOrDefault(name, Set.of());
        if (!constants.isEmpty()) {
            return fed.isEmpty() ? constant(constants.iterator().next(), end, clock) : Optional.empty();
        } else if (fed.isEmpty()) {
            return Optional.of(new UsualCell(Kind.PASSED_OVER, end, false, places, clock));
        }
        CsvLayout.Feed first = fed.get(0);
        boolean alike = fed.stream()
                .allMatch(feed -> feed.field().type().equals(first.field().type())
                        && feed.field().nullable() == first.field().nullable()
                        && feed.texts().equals(first.texts()));
        return alike ? of(first, end, places, clock) : Optional.empty();
    }

    private static Optional<UsualCell> of(CsvLayout.Feed feed, byte end, List<Integer> places, CsvClock clock) {
        ColumnType type = feed.field().type();
        Kind kind;
        if (!feed.texts().isEmpty()) {
            kind = Kind.MAPPED;
        } else if (type instanceof ColumnType.Time) {
            kind = Kind.TIME;
        } else if (type instanceof ColumnType.Decimal) {
            kind = Kind.DECIMAL;
        } else if (type instanceof ColumnType.Int64) {
            kind = Kind.INTEGER;
        } else if (type instanceof ColumnType.Text) {
            kind = Kind.TEXT;
        } else if (type instanceof ColumnType.Bool) {
            kind = Kind.BOOL;
        } else {
            return Optional.empty();
        }
        UsualCell cell = new UsualCell(kind, end, feed.field().nullable(), places, clock);
        if (type instanceof ColumnType.Decimal decimal) {
            cell.scaled(decimal);
        }
        return cell.mapped(feed.texts()) ? Optional.of(cell) : Optional.empty();
    }

    private static Optional<UsualCell> constant(String text, byte end, CsvClock clock) {
        if (text.isEmpty() || text.chars().anyMatch(letter -> letter <= ',' || letter == '"')) {
            return Optional.empty();
        }
        UsualCell cell = new UsualCell(Kind.CONSTANT, end, false, List.of(), clock);
        cell.say(text.getBytes(StandardCharsets.UTF_8));
        return Optional.of(cell);
    }

    private void say(byte[] text) {
        length = text.length;
        words = new long[(length + WORD - 1) / WORD];
        byte[] padded = Arrays.copyOf(text, words.length * WORD);
        for (int i = 0; i < words.length; i++) {
            words[i] = Digits.word(padded, i * WORD);
        }
        lastMask = mask(length - (words.length - 1) * WORD);
    }

    /** Both constants, one behind the other, as one: three words instead of two cells for a venue and a symbol. */
    UsualCell and(UsualCell next) {
        byte[] both = new byte[length + 1 + next.length];
        System.arraycopy(text(), 0, both, 0, length);
        both[length] = end;
        System.arraycopy(next.text(), 0, both, length + 1, next.length);
        UsualCell joined = new UsualCell(Kind.CONSTANT, next.end, false, List.of(), clock);
        joined.say(both);
        return joined;
    }

    private byte[] text() {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) (words[i / WORD] >>> (8 * (i % WORD)));
        }
        return text;
    }

    private void scaled(ColumnType.Decimal type) {
        scale = type.scale();
        factors = new long[Math.min(scale, 18) + 1];
        bounds = new long[factors.length];
        long greatest = type.precision() > 18 ? Long.MAX_VALUE : Digits.powerOfTen(type.precision()) - 1;
        for (int fraction = 0; fraction < factors.length; fraction++) {
            int zeros = scale - fraction;
            if (zeros <= 18) {
                factors[fraction] = Digits.powerOfTen(zeros);
                // 18 digits at most, zeros included, fit 64 bits.
                bounds[fraction] = Math.min(Digits.powerOfTen(18 - zeros), greatest / factors[fraction] + 1);
            }
        }
    }

    /** Whether all of it is short enough; nothing at all is. */
    private boolean mapped(Map<String, String> texts) {
        known = new long[texts.size()];
        meanings = new long[texts.size()];
        int i = 0;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            if (!isWord(text.getKey()) || !isWord(text.getValue())) {
                return false;
            }
            known[i] = wordOf(text.getKey());
            meanings[i++] = wordOf(text.getValue());
        }
        return true;
    }

    private static boolean isWord(String text) {
        return !text.isEmpty() && text.length() < WORD && text.chars().allMatch(letter -> letter > ',' && letter < 128);
    }

    private static long wordOf(String text) {
        return Digits.word(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), WORD), 0);
    }

    /** Starts on new rows. */
    void start() {
        if (anyMissing) {
            Arrays.fill(missing, false);
            anyMissing = false;
        }
        told = false;
    }

    int constant(byte[] text, int at) {
        int last = words.length - 1;
        for (int i = 0; i < last; i++) {
            if (Digits.word(text, at + i * WORD) != words[i]) {
                return UNUSUAL;
            }
        }
        return (Digits.word(text, at + last * WORD) & lastMask) == words[last] ? at + length : UNUSUAL;
    }

    int passedOver(byte[] text, int from) {
        for (int at = from; at - from < LONGEST_PASSED_OVER; at += WORD) {
            int ahead = Lines.untilMark(Digits.word(text, at));
            if (ahead < WORD) {
                return at + ahead;
            }
        }
        return UNUSUAL;
    }

    int time(byte[] text, int at, int row) {
        if (text[at + MICROS_DIGITS] != end) {
            return otherTime(text, at, row);
        }
        long first = Digits.word(text, at);
        if (first != head || lead < 0) {
            head = first;
            lead = Digits.value(first);
        }
        long rest = Digits.value(Digits.word(text, at + WORD));
        long micros = clock.quickMicros(lead * 100_000_000L + rest);
        values[row] = micros;
        return (lead | rest) < 0 || micros == 0 ? otherTime(text, at, row) : at + MICROS_DIGITS;
    }

    private int otherTime(byte[] text, int at, int row) {
        int stop = integer(text, at, row);
        if (stop >= 0 && !missing[row]) {
            values[row] = clock.quickMicros(values[row]);
            return values[row] == 0 ? UNUSUAL : stop;
        }
        return stop;
    }

    /** Whole numbers of up to 16 digits; likely as long as the last. */
    int integer(byte[] text, int at, int row) {
        long value = -1;
        if (text[at + likelyLength] == end) {
            value = Digits.whole(text, at, likelyLength);
        }
        if (value < 0) {
            int digits = Digits.untilPoint(Digits.word(text, at));
            if (digits == WORD) {
                digits += Digits.untilPoint(Digits.word(text, at + WORD));
            }
            if (digits == 0) {
                return empty(text, at, row);
            }
            value = Digits.whole(text, at, digits);
            likelyLength = digits;
        }
        values[row] = value;
        return value < 0 ? UNUSUAL : at + likelyLength;
    }

    private int empty(byte[] text, int at, int row) {
        if (!nullable || text[at] != end) {
            return UNUSUAL;
        }
        values[row] = 0;
        missing[row] = true;
        anyMissing = true;
        return at;
    }

    /**
     * A price or an amount is often that of the row before, most of a book's are: then its bytes are, with what ends them. Books
     * took half as long again without this look.
     */
    int decimal(byte[] text, int at, int row) {
        long first = Digits.word(text, at);
        if (sameLength > 0 && (first & headMask) == sameHead && (Digits.word(text, at + WORD) & tailMask) == sameTail) {
            values[row] = sameValue;
            return at + sameLength;
        }
        int stop = otherDecimal(text, at, row);
        if (stop > at) {
            remember(text, first, at, stop, row);
        }
        return stop;
    }

    private void remember(byte[] text, long first, int at, int stop, int row) {
        int bytes = stop - at + 1;
        headMask = bytes >= WORD ? -1 : mask(bytes);
        tailMask = bytes > WORD ? mask(Math.min(WORD, bytes - WORD)) : 0;
        sameHead = first & headMask;
        sameTail = Digits.word(text, at + WORD) & tailMask;
        sameValue = values[row];
        sameLength = bytes <= 2 * WORD ? stop - at : 0;
    }

    /**
     * Up to seven digits and a point, and what ends them, are one word: nothing there depends on where the point is or
     * whether there is one, which no processor can guess of amounts.
     */
    private int otherDecimal(byte[] text, int at, int row) {
        boolean negative = text[at] == '-';
        int from = negative ? at + 1 : at;
        long word = Digits.word(text, from);
        long marks = Digits.marks(word);
        int first = Long.numberOfTrailingZeros(marks) >>> 3;
        int second = Long.numberOfTrailingZeros(marks & (marks - 1)) >>> 3;
        boolean point = (word >>> (8 * first) & 0xFF) == '.';
        int stop = point ? second : first;
        if (stop == WORD) {
            return longDecimal(text, from, row, negative);
        }
        int count = point ? stop - 1 : stop;
        int fraction = point ? stop - first - 1 : 0;
        if (count == 0) {
            return from == at ? empty(text, at, row) : UNUSUAL;
        }
        long before = (1L << (8 * first)) - 1;
        long value = Digits.value(Digits.behindZeros(point ? Digits.without(word, before) : word, count));
        return scaled(value, fraction, negative, row) ? from + stop : UNUSUAL;
    }

    private int longDecimal(byte[] text, int from, int row, boolean negative) {
        int length = 0;
        int ahead = WORD;
        while (ahead == WORD && length <= 2 * WORD) {
            ahead = Lines.untilMark(Digits.word(text, from + length));
            length += ahead;
        }
        long decimal = Digits.decimal(text, from, length);
        return decimal >= 0 && scaled(Digits.unscaled(decimal), Digits.fraction(decimal), negative, row)
                ? from + length
                : UNUSUAL;
    }

    private boolean scaled(long value, int fraction, boolean negative, int row) {
        if (value < 0 || fraction >= factors.length || value >= bounds[fraction]) {
            return false;
        }
        long unscaled = value * factors[fraction];
        values[row] = negative ? -unscaled : unscaled;
        return true;
    }

    /** Ids that are numbers, and texts of up to seven letters as a word; one kind of them for all rows that wait. */
    int text(byte[] text, int at, int row) {
        int letter = text[at];
        if (letter == end) {
            return empty(text, at, row);
        }
        boolean number = letter >= '1' && letter <= '9';
        if (number != numbers || !told) {
            if (told || letter == '0') {
                return UNUSUAL;
            }
            numbers = number;
            told = true;
        }
        return number ? integer(text, at, row) : word(text, at, row);
    }

    private int word(byte[] text, int at, int row) {
        long word = Digits.word(text, at);
        int letters = Lines.untilMark(word);
        if (letters == 0) {
            return empty(text, at, row);
        }
        long letter = word & mask(letters);
        values[row] = letter;
        return letters == WORD || (letter & TOP) != 0 ? UNUSUAL : at + letters;
    }

    int mapped(byte[] text, int at, int row) {
        int stop = word(text, at, row);
        if (stop < 0 || missing[row]) {
            return stop;
        }
        for (int i = 0; i < known.length; i++) {
            if (values[row] == known[i]) {
                values[row] = meanings[i];
                return stop;
            }
        }
        return UNUSUAL;
    }

    int bool(byte[] text, int at, int row) {
        int stop = word(text, at, row);
        if (stop < 0 || missing[row]) {
            return stop;
        }
        long said = values[row];
        values[row] = said == TRUE ? 1 : 0;
        return said == TRUE || said == FALSE ? stop : UNUSUAL;
    }

    private static long mask(int bytes) {
        return bytes == WORD ? -1 : (1L << (8 * bytes)) - 1;
    }

    /** Appends what the first rows hold to the columns that this feeds. */
    void append(BatchBuilder builder, int rows) {
        for (int place : places) {
            int row = 0;
            while (row < rows) {
                int start = row;
                row = anyMissing ? nextMissing(row, rows) : rows;
                appendValues(builder, place, start, row);
                for (; row < rows && missing[row]; row++) {
                    appendNull(builder, place);
                }
            }
        }
    }

    private int nextMissing(int from, int rows) {
        int row = from;
        while (row < rows && !missing[row]) {
            row++;
        }
        return row;
    }

    private void appendValues(BatchBuilder builder, int place, int from, int to) {
        switch (kind) {
            case TIME -> builder.time(place).append(values, from, to);
            case DECIMAL -> builder.decimal(place).appendUnscaled(values, from, to);
            case INTEGER -> builder.int64(place).append(values, from, to);
            case TEXT, MAPPED -> {
                if (numbers) {
                    builder.text(place).appendNumbers(values, from, to);
                } else {
                    builder.text(place).appendWords(values, from, to);
                }
            }
            case BOOL -> {
                for (int row = from; row < to; row++) {
                    builder.bool(place).append(values[row] != 0);
                }
            }
            case CONSTANT, PASSED_OVER -> {}
        }
    }

    private void appendNull(BatchBuilder builder, int place) {
        switch (kind) {
            case TIME -> builder.time(place).appendNull();
            case DECIMAL -> builder.decimal(place).appendNull();
            case INTEGER -> builder.int64(place).appendNull();
            case TEXT, MAPPED -> builder.text(place).appendNull();
            case BOOL -> builder.bool(place).appendNull();
            case CONSTANT, PASSED_OVER -> {}
        }
    }
}
