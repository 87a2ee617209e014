package dev.candlewick.source.binance;

import dev.candlewick.Batch;

/**
 * Rows together with the numbers that Binance gives them.
 *
 * @param ids one for each row; without any where rows have none
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record NumberedRows(Batch rows, long[] ids) {

    NumberedRows slice(int from, int to) {
        return new NumberedRows(
                rows.slice(from, to), ids.length == 0 ? ids : java.util.Arrays.copyOfRange(ids, from, to));
    }

    NumberedRows within(dev.candlewick.TimeRange part) {
        int from = rows.firstRowFrom(part.startMicros());
        int to = rows.firstRowFrom(part.endMicros());
        return from == 0 && to == rows.rows() ? this : slice(from, to);
    }
}
