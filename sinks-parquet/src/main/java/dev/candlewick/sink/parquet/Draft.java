package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.spi.UnitLedger;
import java.io.IOException;

/** Rows of one unit that nobody sees yet. For one thread. */
interface Draft {

    TimeRange unit();

    void add(Batch batch) throws IOException;

    /** What is known of the rows so far. */
    UnitLedger ledger();

    /** Takes no more rows from here on; calling it again does nothing. */
    void seal() throws IOException;

    /** The sealed rows, to be read again. */
    ParquetFileReader reopen() throws IOException;

    /** Throws the rows away unless they have been published. */
    void discard();
}
