package dev.candlewick.tick;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.TimeColumn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Follows the least and greatest times and prices of rows. For one thread. */
final class ValueRanges {

    private final Map<String, Range> ranges = new LinkedHashMap<>();

    void add(Batch batch) {
        for (Column column : batch.columns()) {
            if (column instanceof TimeColumn times) {
                times(times);
            } else if (column instanceof DecimalColumn decimals && isPrice(column.name())) {
                prices(decimals);
            }
        }
    }

    List<ColumnRange> ranges() {
        return ranges.entrySet().stream()
                .map(entry -> new ColumnRange(entry.getKey(), entry.getValue().least, entry.getValue().greatest))
                .toList();
    }

    // Deeper levels of a book lie beyond the best by their nature.
    private static boolean isPrice(String name) {
        return name.contains("price") && !name.matches(".*_([2-9]|[0-9]{2,})");
    }

    private void times(TimeColumn column) {
        int least = -1;
        int greatest = -1;
        for (int row = 0; row < column.size(); row++) {
            if (column.isNull(row)) {
                continue;
            }
            least = least < 0 || column.epochMicros(row) < column.epochMicros(least) ? row : least;
            greatest = greatest < 0 || column.epochMicros(row) > column.epochMicros(greatest) ? row : greatest;
        }
        if (least >= 0) {
            Range range = ranges.computeIfAbsent(column.name(), unseen -> new Range());
            range.low(column.epochMicros(least) < 0 ? -1 : 0, column.epochMicros(least), column.text(least));
            range.high(column.epochMicros(greatest) < 0 ? -1 : 0, column.epochMicros(greatest), column.text(greatest));
        }
    }

    private void prices(DecimalColumn column) {
        int least = -1;
        int greatest = -1;
        for (int row = 0; row < column.size(); row++) {
            if (column.isNull(row)) {
                continue;
            }
            least = least < 0 || compare(column, row, least) < 0 ? row : least;
            greatest = greatest < 0 || compare(column, row, greatest) > 0 ? row : greatest;
        }
        if (least >= 0) {
            Range range = ranges.computeIfAbsent(column.name(), unseen -> new Range());
            range.low(column.high(least), column.low(least), column.text(least));
            range.high(column.high(greatest), column.low(greatest), column.text(greatest));
        }
    }

    private static int compare(DecimalColumn column, int row, int other) {
        return compare(column.high(row), column.low(row), column.high(other), column.low(other));
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh ? Long.compare(high, otherHigh) : Long.compareUnsigned(low, otherLow);
    }

    /** Numbers of 128 bits, all of one scale, and how they are printed. */
    private static final class Range {

        private long leastHigh;
        private long leastLow;
        private String least = "";
        private long greatestHigh;
        private long greatestLow;
        private String greatest = "";

        void low(long high, long low, String text) {
            if (least.isEmpty() || compare(high, low, leastHigh, leastLow) < 0) {
                leastHigh = high;
                leastLow = low;
                least = text;
            }
        }

        void high(long high, long low, String text) {
            if (greatest.isEmpty() || compare(high, low, greatestHigh, greatestLow) > 0) {
                greatestHigh = high;
                greatestLow = low;
                greatest = text;
            }
        }
    }
}
