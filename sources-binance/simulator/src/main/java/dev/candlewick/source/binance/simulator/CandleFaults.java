package dev.candlewick.source.binance.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Misbehaviours in candle rows, over REST and in archive files alike unless narrowed with {@code onKind}. */
public final class CandleFaults {
    private static final int OPEN_TIME = 0;
    private static final int CLOSE_TIME = 6;

    private CandleFaults() {}

    private static Misbehaviour rows(String name, UnaryOperator<List<String[]>> change) {
        return Misbehaviour.of(
                name,
                Scope.of(RequestKind.KLINES, RequestKind.ARCHIVE_FILE),
                new Effect.Rows(rows -> rows.isEmpty() ? rows : change.apply(rows)));
    }

    /** Newest first. */
    public static Misbehaviour reversedRows() {
        return rows("reversed rows", rows -> {
            List<String[]> changed = new ArrayList<>(rows);
            Collections.reverse(changed);
            return changed;
        });
    }

    /** The last row stands between the first and the second. */
    public static Misbehaviour unsortedRows() {
        return rows("unsorted rows", rows -> {
            List<String[]> changed = new ArrayList<>(rows);
            changed.add(Math.min(1, changed.size() - 1), changed.remove(changed.size() - 1));
            return changed;
        });
    }

    /** Every tenth row comes twice, beginning with the first. */
    public static Misbehaviour duplicatedRows() {
        return rows("duplicated rows", rows -> {
            List<String[]> changed = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                changed.add(rows.get(row));
                if (row % 10 == 0) {
                    changed.add(rows.get(row));
                }
            }
            return changed;
        });
    }

    /** The first answer is given again and again, whatever is asked: paging never gets ahead. */
    public static Misbehaviour repeatedPage() {
        AtomicReference<Optional<List<String[]>>> first = new AtomicReference<>(Optional.empty());
        return rows(
                        "repeated page",
                        rows -> first.updateAndGet(kept -> kept.or(() -> Optional.of(rows)))
                                .orElse(rows))
                .onKind(RequestKind.KLINES);
    }

    /** A page ends after so many rows although more were asked for. */
    public static Misbehaviour shortPages(int rowsAtMost) {
        return rows("short pages", rows -> rows.subList(0, Math.min(rowsAtMost, rows.size())))
                .onKind(RequestKind.KLINES);
    }

    /** An empty array although there are candles. */
    public static Misbehaviour emptyPage() {
        return shortPages(0);
    }

    /** A copy of the first row an hour before it, and one of the last row an hour after it. */
    public static Misbehaviour rowsOutsideTheRange() {
        long hour = Duration.ofHours(1).toMillis();
        return rows("rows outside the range", rows -> {
            List<String[]> changed = new ArrayList<>(rows);
            changed.add(0, shifted(rows.get(0), -hour));
            changed.add(shifted(rows.get(rows.size() - 1), hour));
            return changed;
        });
    }

    /** One row, counted from 0, or the last one if there are fewer, has a defect. */
    public static Misbehaviour defectiveRow(RowDefect defect, int row) {
        return rows(defect.name(), rows -> {
            List<String[]> changed = new ArrayList<>(rows);
            changed.set(Math.min(row, rows.size() - 1), defect.spoil(rows.get(Math.min(row, rows.size() - 1))));
            return changed;
        });
    }

    /** Rows {@code [firstRow, endRow)} open and close off the grid by so much, as some of 2018 do. */
    public static Misbehaviour offGridRows(int firstRow, int endRow, Duration shift) {
        return rows("off-grid rows", rows -> {
            List<String[]> changed = new ArrayList<>(rows);
            for (int row = firstRow; row < Math.min(endRow, rows.size()); row++) {
                changed.set(row, shifted(rows.get(row), shift.toMillis()));
            }
            return changed;
        });
    }

    /** One row closes early by so much. */
    public static Misbehaviour shortClose(int row, Duration early) {
        return rows("short close", rows -> {
            List<String[]> changed = new ArrayList<>(rows);
            String[] spoiled = rows.get(Math.min(row, rows.size() - 1)).clone();
            spoiled[CLOSE_TIME] = shifted(spoiled[CLOSE_TIME], -early.toMillis());
            changed.set(Math.min(row, rows.size() - 1), spoiled);
            return changed;
        });
    }

    private static String[] shifted(String[] row, long millis) {
        String[] changed = row.clone();
        changed[OPEN_TIME] = shifted(row[OPEN_TIME], millis);
        changed[CLOSE_TIME] = shifted(row[CLOSE_TIME], millis);
        return changed;
    }

    /** Sixteen digits are microseconds, fewer milliseconds. */
    private static String shifted(String time, long millis) {
        return String.valueOf(Long.parseLong(time) + millis * (time.length() >= 16 ? 1_000 : 1));
    }
}
