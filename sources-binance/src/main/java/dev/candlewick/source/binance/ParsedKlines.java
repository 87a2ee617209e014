package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Interval;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * What a kline file or page turned out to hold.
 *
 * @param rows the good rows, each open time once, ascending
 * @param quarantined rows that are wrong in themselves
 * @param quarantinedOpens the open times of those of them that could be read, in microseconds
 * @param outside rows that may be right but do not belong to the file's period
 * @param repeated how many rows said the same as another one and were dropped
 * @param notes what a reader of the provenance should know: time unit, header, duplicates, order, off-grid rows
 */
record ParsedKlines(
        Batch rows,
        List<QuarantinedRow> quarantined,
        List<Long> quarantinedOpens,
        List<QuarantinedRow> outside,
        int repeated,
        List<String> notes) {

    /** Whether there are rows and nothing is wrong with any. */
    boolean isSound() {
        return rows.rows() > 0 && quarantined.isEmpty() && outside.isEmpty();
    }

    /** The grid slots of the rows that were set aside. */
    TimeRanges quarantinedSlots(Interval interval) {
        List<TimeRange> slots = new ArrayList<>();
        for (long open : quarantinedOpens) {
            slots.add(TimeRange.ofEpochMicros(
                    interval.floorMicros(open, ZoneOffset.UTC), interval.nextMicros(open, ZoneOffset.UTC)));
        }
        return TimeRanges.of(slots);
    }
}
