package dev.candlewick.csv;

import dev.candlewick.BatchBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads rows of the usual form in one pass over their bytes, cell by cell in the file's order, without cutting them first.
 * It stops before the first row that is anything else: has quotes, exponents, blanks, many digits, another number of cells, a
 * time before the last, or is wrong. Such a row goes the way of {@link Lines} and {@link CellReader}, which know every form
 * and every refusal. Parsing without gunzip took
 * 68 ns a row of trades instead of 107 and 208 a row of books instead of 375, in processor time on a busy machine. For one thread.
 */
final class UsualRows {

    private final UsualCell[] cells;
    private final UsualCell time;

    /** Behind the rows read last. */
    int at;
    /** The time of the last row. */
    long lastMicros;

    private UsualRows(List<UsualCell> cells, UsualCell time) {
        this.cells = cells.toArray(UsualCell[]::new);
        this.time = time;
    }

    /** A reader of such files; empty where the layout asks for more than this knows. */
    static Optional<UsualRows> of(CsvLayout layout, CsvHeader header, CsvClock clock) {
        if (!layout.wanted().isEmpty()
                || header.names().size() < 2
                || Set.copyOf(header.names()).size() < header.names().size()
                || layout.feeds().stream().anyMatch(feed -> feed.header().isEmpty())) {
            return Optional.empty();
        }
        String timeHeader = layout.feeds()
                .get(layout.schema().indexOf(layout.schema().time()))
                .header();
        List<UsualCell> cells = new ArrayList<>();
        Optional<UsualCell> time = Optional.empty();
        for (int place = 0; place < header.names().size(); place++) {
            Optional<UsualCell> cell = UsualCell.of(layout, header, place, clock);
            if (cell.isEmpty()) {
                return Optional.empty();
            }
            int before = cells.size() - 1;
            if (before >= 0
                    && cell.get().kind == UsualCell.Kind.CONSTANT
                    && cells.get(before).kind == UsualCell.Kind.CONSTANT) {
                cells.set(before, cells.get(before).and(cell.get()));
            } else {
                cells.add(cell.get());
            }
            if (place == header.cell(timeHeader)) {
                time = cell;
            }
        }
        return time.map(found -> new UsualRows(cells, found));
    }

    /**
     * Reads up to {@code most} rows of the whole lines {@code [from, to)}; gives how many, and {@link #at} where it stopped:
     * at the latest before a time that steps back or is not in {@code [notBefore, before)}.
     */
    int read(byte[] text, int from, int to, int most, long notBefore, long before) {
        for (UsualCell cell : cells) {
            cell.start();
        }
        int rows = 0;
        int next = from;
        long last = notBefore;
        while (rows < most && next < to) {
            int end = row(text, next, rows);
            if (end < 0 || time.values[rows] < last || time.values[rows] >= before) {
                break;
            }
            last = time.values[rows++];
            next = end;
        }
        at = next;
        lastMicros = last;
        return rows;
    }

    /** Reads one row; gives where the next one starts. No cell goes over a line end, so none goes beyond the lines. */
    private int row(byte[] text, int from, int row) {
        int next = from;
        for (UsualCell cell : cells) {
            int end = switch (cell.kind) {
                case CONSTANT -> cell.constant(text, next);
                case PASSED_OVER -> cell.passedOver(text, next);
                case TIME -> cell.time(text, next, row);
                case DECIMAL -> cell.decimal(text, next, row);
                case INTEGER -> cell.integer(text, next, row);
                case TEXT -> cell.text(text, next, row);
                case MAPPED -> cell.mapped(text, next, row);
                case BOOL -> cell.bool(text, next, row);
            };
            if (end < 0 || text[end] != cell.end) {
                return UsualCell.UNUSUAL;
            }
            next = end + 1;
        }
        return next;
    }

    /** Appends what was read last. */
    void append(BatchBuilder builder, int rows) {
        for (UsualCell cell : cells) {
            cell.append(builder, rows);
        }
        builder.endRows(rows);
    }
}
