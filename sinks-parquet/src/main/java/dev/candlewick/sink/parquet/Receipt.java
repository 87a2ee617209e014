package dev.candlewick.sink.parquet;

import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.Writes;

/**
 * What the store knows of one unit: its ledger entry, the file that holds its rows, and which commits wrote them. Rows
 * without one are not there.
 */
record Receipt(LedgerEntry entry, DataFile data, Writes writes) {

    Receipt {
        if ((entry.rows() > 0) != data.exists()) {
            throw new IllegalArgumentException(entry + " and its file '" + data.path() + "' contradict each other");
        }
    }

    Series series() {
        return entry.series();
    }

    TimeRange unit() {
        return entry.unit();
    }

    long rows() {
        return entry.rows();
    }
}
