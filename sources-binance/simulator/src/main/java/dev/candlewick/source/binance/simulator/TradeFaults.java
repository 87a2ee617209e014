package dev.candlewick.source.binance.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * What was seen to be wrong with files of trades: published wrongly, with a checksum that agrees. Narrow them down to a
 * file with {@link Misbehaviour#onPath}, so that candles stay whole.
 */
public final class TradeFaults {
    private TradeFaults() {}

    private static Misbehaviour rows(String name, UnaryOperator<List<String[]>> change) {
        return Misbehaviour.of(name, Scope.of(RequestKind.ARCHIVE_FILE), new Effect.Rows(change));
    }

    /** The rows from {@code from} up to {@code to}, as parts of a thousand of the file, are not there. */
    public static Misbehaviour missingRows(int from, int to) {
        return rows("missing rows", rows -> {
            List<String[]> left = new ArrayList<>(rows);
            left.subList(rows.size() * from / 1_000, rows.size() * to / 1_000).clear();
            return left;
        });
    }

    /** Every second row is not there. */
    public static Misbehaviour everySecondRowMissing() {
        return rows("every second row missing", rows -> {
            List<String[]> left = new ArrayList<>();
            for (int row = 0; row < rows.size(); row += 2) {
                left.add(rows.get(row));
            }
            return left;
        });
    }

    /** Every hundredth row is there twice, the second time a little later. */
    public static Misbehaviour repeatedRows() {
        return rows("repeated rows", rows -> {
            List<String[]> more = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                more.add(rows.get(row));
                if (row % 100 == 99) {
                    more.add(rows.get(row - 5));
                }
            }
            return more;
        });
    }

    /** The rows lie in any order. */
    public static Misbehaviour shuffledRows() {
        return rows("shuffled rows", rows -> {
            List<String[]> shuffled = new ArrayList<>(rows);
            Collections.shuffle(shuffled, new Random(7));
            return shuffled;
        });
    }

    /** The first and the last row belong to the days around. */
    public static Misbehaviour rowsOfOtherDays() {
        return rows("rows of other days", rows -> {
            if (rows.size() < 2) {
                return rows;
            }
            List<String[]> more = new ArrayList<>(rows);
            more.add(0, shifted(rows.get(0), -1));
            more.add(shifted(rows.get(rows.size() - 1), 1));
            return more;
        });
    }

    private static String[] shifted(String[] row, int days) {
        String[] other = row.clone();
        int time = row.length > 7 || (row.length == 7 && !row[6].equals("True")) ? 5 : 4;
        boolean micros = row[time].length() > 14;
        other[0] = Long.toString(Long.parseLong(row[0]) + days);
        other[time] = Long.toString(Long.parseLong(row[time]) + days * 86_400_000L * (micros ? 1_000 : 1));
        return other;
    }
}
