package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Corrupt;
import dev.candlewick.DecimalColumnBuilder;
import dev.candlewick.Interval;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads kline lines of twelve fields, with or without a header, from bytes into columns.
 *
 * <p>A bad row is quarantined with its line and column and the rest goes on. The file as a whole is refused when its
 * header names other columns, when its rows disagree on the time unit, or when more than {@value #MOST_BAD_ROWS} rows are
 * bad. For one use by one thread.
 */
final class KlineCsvParser {

    static final int MOST_BAD_ROWS = 1_000;

    /** The open time of a row that cannot be used. */
    private static final long BAD = Long.MIN_VALUE;

    private static final int FIELDS = 12;
    private static final int SCALE = 8;
    private static final long[] POWERS_OF_TEN = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
    };

    private final Series series;
    private final Interval interval;
    private final TimeRange period;
    private final long periodStart;
    private final long periodEnd;
    private final String file;
    private final KlineLines lines;
    private final byte[] bytes;

    private final BatchBuilder builder;
    private final BatchBuilder.Times openTimes;
    private final BatchBuilder.Times closeTimes;
    private final BatchBuilder.Longs trades;
    /** By field: open, high, low, close, volume, (close time), quote volume, (trades), taker volumes. */
    private final @Nullable DecimalColumnBuilder[] decimals = new DecimalColumnBuilder[FIELDS];

    private int[] starts;
    private long previousOpen = BAD;
    private boolean disorder;
    private int repeated;
    private @Nullable TimeUnitProof unit;
    private final List<QuarantinedRow> quarantined = new ArrayList<>();
    private final List<Long> quarantinedOpens = new ArrayList<>();
    private final List<QuarantinedRow> outside = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    // The cursor of the row being read.
    private int at;
    private int field;

    /**
     * A parser of one file.
     *
     * @param period what the file should hold; rows opening elsewhere are set apart
     * @param file how messages name it
     */
    KlineCsvParser(Series series, Interval interval, TimeRange period, String file, byte[] csv) {
        this.series = series;
        this.interval = interval;
        this.period = period;
        this.periodStart = Epoch.micros(period.start());
        this.periodEnd = Epoch.micros(period.end());
        this.file = file;
        // The last byte is a line end: loops over a row need no bounds check of their own.
        this.bytes = KlineLines.ended(csv);
        this.lines = new KlineLines(bytes);
        int capacity = lines.estimate();
        this.builder = new BatchBuilder(series, capacity);
        this.openTimes = builder.time(0);
        this.closeTimes = builder.time(6);
        this.trades = builder.int64(8);
        for (int column : new int[] {1, 2, 3, 4, 5, 7, 9, 10}) {
            decimals[column] = builder.decimal(column);
        }
        this.starts = new int[capacity];
    }

    ParsedKlines parse() {
        int first = skipHeader();
        if (!parseInOrder(first)) {
            builder.build();
            quarantined.clear();
            quarantinedOpens.clear();
            outside.clear();
            unit = null;
            previousOpen = BAD;
            disorder = false;
            parseSorted(first);
        }
        if (unit != null) {
            notes.add(0, "times in " + unit);
        }
        Batch rows = withoutBrokenRules(builder.build());
        noteOffGrid(rows);
        return new ParsedKlines(rows, quarantined, quarantinedOpens, outside, repeated, notes);
    }

    private int skipHeader() {
        int first = lines.contentStart();
        String header = lines.text(first).replace("\"", "");
        if (header.isEmpty() || !Character.isLetter(header.charAt(0))) {
            return first;
        }
        KlineHeader.check(header, file);
        notes.add("header");
        return lines.next(first);
    }

    /** The usual case: rows ascend. False when they do not, and all has to be read again in another order. */
    private boolean parseInOrder(int first) {
        int start = first;
        while (start < bytes.length && !disorder) {
            boolean read = !lines.isBlank(start) && row(start) != BAD;
            start = read ? at + 1 : lines.next(start); // behind a good row the cursor is at its line end
        }
        return !disorder;
    }

    /** Rows back and forth or twice: line by line in the order of their open times. */
    private void parseSorted(int first) {
        record Line(long open, int start) {}
        List<Line> index = new ArrayList<>();
        boolean unsorted = false;
        for (int start = first; start < bytes.length; start = lines.next(start)) {
            if (!lines.isBlank(start)) {
                long open = peekOpen(start);
                unsorted |= !index.isEmpty() && open < index.get(index.size() - 1).open;
                index.add(new Line(open, start));
            }
        }
        if (unsorted) {
            notes.add("rows were not in order");
            index.sort((a, b) -> Long.compare(a.open, b.open)); // stable: of equal ones the earlier line stays first
        }
        long previous = Long.MIN_VALUE;
        int previousStart = -1;
        for (Line line : index) {
            if (line.open == previous && line.open != BAD) {
                if (lines.text(line.start).equals(lines.text(previousStart))) {
                    repeated++;
                } else {
                    quarantine(
                            line.start,
                            line.open,
                            "open_time",
                            "repeats the open time of line " + lines.number(previousStart) + " with other values");
                }
                continue;
            }
            if (row(line.start) != BAD) {
                previous = line.open;
                previousStart = line.start;
            }
        }
        if (repeated > 0) {
            notes.add(repeated + " rows that repeat another one dropped");
        }
    }

    private long peekOpen(int start) {
        try {
            at = start;
            field = 0;
            long value = integer();
            return TimeUnitProof.of(value).toMicros(value);
        } catch (NumberFormatException unreadable) {
            return BAD;
        }
    }

    /** Reads the row that starts there; gives its open time, or {@link #BAD} when it was set aside. */
    private long row(int start) {
        long open = BAD;
        try {
            at = start;
            field = 0;
            long openValue = integer();
            TimeUnitProof rowUnit = TimeUnitProof.of(openValue);
            open = rowUnit.toMicros(openValue);
            for (field = 1; field <= 5; field++) {
                separator();
                decimal();
            }
            separator();
            long closeValue = integer();
            field = 7;
            separator();
            decimal();
            field = 8;
            separator();
            long count = integer();
            for (field = 9; field <= 10; field++) {
                separator();
                decimal();
            }
            field = 11;
            separator();
            skipLastField();
            field = 6;
            if (TimeUnitProof.of(closeValue) != rowUnit) {
                throw new NumberFormatException(
                        closeValue + " is in another time unit than the open time " + openValue);
            }
            long close = rowUnit.toMicros(closeValue);
            if (close < open) {
                throw new NumberFormatException(closeValue + " is before the open time " + openValue);
            }
            checkUnit(rowUnit, start, openValue);
            if (open < periodStart || open >= periodEnd) {
                builder.discardRow();
                outside.add(
                        quarantinedRow(start, "open_time", "opens at " + Epoch.instant(open) + ", outside " + period));
                return BAD;
            }
            if (open <= previousOpen) {
                builder.discardRow();
                disorder = true;
                return BAD;
            }
            previousOpen = open;
            openTimes.append(open);
            closeTimes.append(close);
            trades.append(count);
            remember(start);
            builder.endRow();
            return open;
        } catch (NumberFormatException | ArithmeticException bad) {
            builder.discardRow();
            quarantine(start, open, KlineHeader.name(field), String.valueOf(bad.getMessage()));
            return BAD;
        }
    }

    private void checkUnit(TimeUnitProof rowUnit, int start, long value) {
        if (unit == null) {
            unit = rowUnit;
        } else if (unit != rowUnit) {
            throw new Corrupt(file + ", line " + lines.number(start) + ": open_time " + value + " is in " + rowUnit
                    + " while the lines before it are in " + unit
                    + "; a file whose rows disagree on the time unit is refused");
        }
    }

    private void separator() {
        if (bytes[at] != ',') {
            throw new NumberFormatException(
                    bytes[at] == '\n' || bytes[at] == '\r'
                            ? "the row ends before this column; it has " + field + " of " + FIELDS
                            : "column " + KlineHeader.name(field - 1) + " goes on with '" + (char) (bytes[at] & 0xff)
                                    + "'");
        }
        at++;
    }

    private void skipLastField() {
        while (bytes[at] != '\n' && bytes[at] != ',') {
            at++;
        }
        if (bytes[at] == ',') {
            throw new NumberFormatException("the row has more than " + FIELDS + " columns");
        }
    }

    /** A whole number without sign of at most 18 digits. */
    private long integer() {
        long value = quickInteger(at);
        return value >= 0 ? value : integerByBytes();
    }

    /** The number of up to 16 digits at the cursor, which moves behind it; else negative, the cursor where it was. */
    private long quickInteger(int start) {
        if (start > bytes.length - 2 * Digits.WORD) {
            return -1;
        }
        long word = Digits.word(bytes, start);
        int digits = Digits.before(word);
        if (digits == 0) {
            return -1;
        }
        long value = Digits.value(Digits.whole(word, digits));
        if (digits == Digits.WORD) {
            long rest = Digits.word(bytes, start + Digits.WORD);
            int more = Digits.before(rest);
            if (more > 0) {
                long lower = Digits.value(Digits.whole(rest, more));
                value = value < 0 || lower < 0 ? -1 : value * POWERS_OF_TEN[more] + lower;
                digits += more;
            }
        }
        return value >= 0 && endsField(start + digits) ? value : -1;
    }

    private long integerByBytes() {
        int start = at;
        int cursor = start;
        long value = 0;
        int digit = bytes[cursor] - '0';
        while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = bytes[++cursor] - '0';
        }
        if (cursor == start || cursor - start > 18 || !endsField(cursor)) {
            throw new NumberFormatException("'" + lines.field(start) + "' is not a whole number");
        }
        return value;
    }

    /**
     * Appends the decimal at the cursor. Nearly all values have up to eight digits, a point and up to eight more, which two
     * words hold; the rest is read byte by byte. What that cannot hold either goes through the column builder's own text
     * parser, which knows every refusal.
     */
    private void decimal() {
        DecimalColumnBuilder column = java.util.Objects.requireNonNull(decimals[field]);
        int start = at;
        long value = quickDecimal(start);
        if (value < 0) {
            value = decimalByBytes(start);
        }
        if (value >= 0) {
            column.appendUnscaled(value);
        } else {
            at = lines.fieldEnd(start);
            column.appendText(bytes, start, at);
        }
    }

    /** The decimal in units of 10<sup>-8</sup>, the cursor behind it; negative when it is not of the usual form. */
    private long quickDecimal(int start) {
        if (start > bytes.length - 3 * Digits.WORD) {
            return -1;
        }
        long word = Digits.word(bytes, start);
        int digits = Digits.before(word);
        if (digits == 0 || bytes[start + digits] != '.') {
            return -1;
        }
        int point = start + digits;
        long fraction = Digits.word(bytes, point + 1);
        int behind = Digits.before(fraction);
        long whole = Digits.value(Digits.whole(word, digits));
        long part = Digits.value(Digits.fraction(fraction, behind));
        return (whole | part) >= 0 && endsField(point + 1 + behind) ? whole * POWERS_OF_TEN[SCALE] + part : -1;
    }

    private long decimalByBytes(int start) {
        int cursor = start;
        long value = 0;
        int digit = bytes[cursor] - '0';
        while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = bytes[++cursor] - '0';
        }
        int whole = cursor - start;
        int behind = 0;
        if (bytes[cursor] == '.') {
            int point = cursor;
            digit = bytes[++cursor] - '0';
            while (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
                digit = bytes[++cursor] - '0';
            }
            behind = cursor - point - 1;
        }
        boolean fits = whole + behind > 0 && whole <= 18 - SCALE && behind <= SCALE && endsField(cursor);
        return fits ? value * POWERS_OF_TEN[SCALE - behind] : -1;
    }

    /** Whether a field can end there; if so the cursor moves there. */
    private boolean endsField(int end) {
        byte next = bytes[end];
        if (next != ',' && next != '\n' && next != '\r') {
            return false;
        }
        at = end;
        return true;
    }

    private void remember(int start) {
        int row = builder.rows();
        if (row == starts.length) {
            starts = Arrays.copyOf(starts, row * 2);
        }
        starts[row] = start;
    }

    private Batch withoutBrokenRules(Batch rows) {
        KlineRules rules = new KlineRules(rows);
        List<Batch> good = new ArrayList<>();
        int from = 0;
        for (int row = rules.firstBroken(0); row < rows.rows(); row = rules.firstBroken(from)) {
            quarantine(starts[row], rows.times().epochMicros(row), rules.column(row), rules.reason(row));
            good.add(rows.slice(from, row));
            from = row + 1;
        }
        if (from == 0) {
            return rows;
        }
        good.add(rows.slice(from, rows.rows()));
        return CandleRows.concatenate(series, good);
    }

    private void noteOffGrid(Batch rows) {
        int offGrid = 0;
        for (int row = 0; row < rows.rows(); row++) {
            long open = rows.times().epochMicros(row);
            offGrid += interval.floorMicros(open, ZoneOffset.UTC) == open ? 0 : 1;
        }
        if (offGrid > 0) {
            notes.add(offGrid + " rows open off the grid, kept as published");
        }
    }

    private void quarantine(int start, long open, String column, String reason) {
        if (quarantined.size() == MOST_BAD_ROWS) {
            throw new Corrupt(file + " has more than " + MOST_BAD_ROWS + " bad rows; the first: " + quarantined.get(0));
        }
        quarantined.add(quarantinedRow(start, column, reason));
        if (open != BAD && open >= periodStart && open < periodEnd) {
            quarantinedOpens.add(open);
        }
    }

    private QuarantinedRow quarantinedRow(int start, String column, String reason) {
        return new QuarantinedRow(file, lines.number(start), column, reason, lines.text(start));
    }
}
