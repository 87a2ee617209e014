package dev.candlewick.csv;

import dev.candlewick.BatchBuilder;
import dev.candlewick.ColumnType;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows that are cut into cells by a layout, column by column. For one thread. */
final class RowReader {

    final Lines lines;
    private final List<CellReader> cells = new ArrayList<>();
    private final List<Condition> constants;
    private final List<Condition> wanted;
    private final String time;
    private final CellReader.Times times;
    private final @Nullable UsualRows usual;
    private final @Nullable TimeRange window;
    private long lastMicros = Long.MIN_VALUE;
    /** How many rows go the careful way before the quick one is tried again. */
    private int careful = 1;

    private static final int WELL = 64;

    RowReader(CsvLayout layout, CsvHeader header, CsvClock clock, BatchBuilder example) {
        this.lines = new Lines(header.names().size());
        this.constants = Condition.of(layout.constants(), header);
        this.wanted = Condition.of(layout.wanted(), header);
        this.time = layout.schema().time();
        this.window = layout.window();
        int place = 0;
        for (CsvLayout.Feed feed : layout.feeds()) {
            cells.add(reader(feed, header, clock, place++, example));
        }
        this.usual = UsualRows.of(layout, header, clock).orElse(null);
        this.times = (CellReader.Times) cells.get(layout.schema().indexOf(time));
    }

    private static CellReader reader(
            CsvLayout.Feed feed, CsvHeader header, CsvClock clock, int place, BatchBuilder example) {
        if (feed.header().isEmpty()) {
            return new CellReader.Absent(feed, place);
        }
        int cell = header.cell(feed.header());
        ColumnType type = feed.field().type();
        if (!feed.texts().isEmpty()) {
            return new CellReader.Mapped(feed, cell, place, example);
        } else if (type instanceof ColumnType.Time) {
            return new CellReader.Times(feed, cell, clock, place, example);
        } else if (type instanceof ColumnType.Decimal decimal) {
            return new CellReader.Decimals(feed, cell, decimal, place, example);
        } else if (type instanceof ColumnType.Int64) {
            return new CellReader.Integers(feed, cell, place, example);
        } else if (type instanceof ColumnType.Float64) {
            return new CellReader.Doubles(feed, cell, place, example);
        } else if (type instanceof ColumnType.Bool) {
            return new CellReader.Booleans(feed, cell, place, example);
        } else {
            return new CellReader.Texts(feed, cell, place, example);
        }
    }

    /**
     * Reads and appends rows of the usual form, as far as there are any at once; gives how many, and {@link #usualEnd} where
     * they end.
     */
    int readUsual(byte[] text, int from, int to, int most, BatchBuilder builder) {
        UsualRows known = usual;
        if (known == null) {
            return 0;
        }
        TimeRange inside = window;
        long notBefore = inside == null ? lastMicros : Math.max(lastMicros, inside.startMicros());
        long before = inside == null ? Long.MAX_VALUE : inside.endMicros();
        int rows = known.read(text, from, to, Math.min(most, Lines.ROWS), notBefore, before);
        if (rows > 0) {
            known.append(builder, rows);
            lastMicros = known.lastMicros;
            usualEnd = known.at;
        }
        if (rows >= WELL) {
            careful = 1;
        }
        return rows;
    }

    int usualEnd;

    /** How many rows to read carefully now: one, but ever more of files whose rows are hardly ever of the usual form. */
    int careful() {
        if (usual == null) {
            return Lines.ROWS;
        }
        int rows = careful;
        careful = Math.min(Lines.ROWS, careful * 2);
        return rows;
    }

    void start(BatchBuilder builder) {
        for (CellReader cell : cells) {
            cell.start(builder);
        }
    }

    /** Drops the rows that the layout does not want; gives how many those were. */
    int dropUnwanted() {
        int dropped = 0;
        for (Condition condition : wanted) {
            dropped += lines.keep(row -> condition.holds(lines, row));
        }
        return dropped;
    }

    /** Appends the rows, or finds what is wrong with some: then what was appended is to be discarded. */
    void read(BatchBuilder builder, Defects defects) {
        for (Condition constant : constants) {
            check(constant, defects);
        }
        for (CellReader cell : cells) {
            cell.read(lines, defects);
        }
        TimeRange inside = window;
        if (inside != null && !defects.any()) {
            checkWindow(inside, defects);
        }
        if (!defects.any()) {
            checkOrder(defects);
        }
    }

    /** Comes before the order: one clock that was far ahead would put every later row out of it. */
    private void checkWindow(TimeRange inside, Defects defects) {
        long[] micros = times.values();
        long start = inside.startMicros();
        long end = inside.endMicros();
        for (int row = 0; row < lines.rows; row++) {
            if (micros[row] < start || micros[row] >= end) {
                defects.add(
                        row,
                        time,
                        instant(micros[row]) + " is outside " + inside + ", which is all that the file is about");
            }
        }
    }

    private void check(Condition constant, Defects defects) {
        for (int row = 0; row < lines.rows; row++) {
            if (!constant.holds(lines, row)) {
                String found = CellReader.latin(
                        lines.bytes,
                        lines.start(row, constant.cell),
                        Math.min(lines.end(row, constant.cell), lines.start(row, constant.cell) + 100));
                defects.add(
                        row,
                        constant.header,
                        "'" + found + "' is not '" + constant.text()
                                + "', which it should be in every row of this file");
            }
        }
    }

    private void checkOrder(Defects defects) {
        long[] micros = times.values();
        long last = lastMicros;
        for (int row = 0; row < lines.rows; row++) {
            if (micros[row] < last) {
                defects.add(
                        row,
                        time,
                        instant(micros[row]) + " is before " + instant(last) + ", the time of a row before it");
            } else {
                last = micros[row];
            }
        }
        if (!defects.any()) {
            lastMicros = last;
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
