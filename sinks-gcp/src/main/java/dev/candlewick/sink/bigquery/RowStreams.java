package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.TableId;
import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Series;
import java.util.Iterator;
import java.util.List;

/**
 * Rows into and out of BigQuery's tables by its Storage API instead of load jobs and queries. For code of one's own that knows
 * its tables: {@link BigQueryStore} reads by queries and writes by load jobs and does not use it, and what is written here
 * is in no store's ledger. Thread-safe; what it gives out is for one thread each, except {@code close()}, which any thread
 * may call.
 *
 * <p>All methods throw {@link dev.candlewick.MarketDataException}: {@code Unavailable} when the service does not answer in time or
 * a quota is used up, {@code Refused} when table or rights are wrong, {@code Corrupt} when what arrives is not what was
 * asked for, {@code Cancelled} after an interrupt or a {@code close()}.
 */
public interface RowStreams extends AutoCloseable {

    /**
     * The rows of a table that a selection names, by time and then by its order, whatever order the service sends them in.
     * Nothing is asked before the first row is. A range that is larger than the memory set aside for it is read in pieces, each of
     * them one state of the table.
     */
    Rows read(RowSelection selection);

    /**
     * All rows of the table that a query with {@code ORDER BY} left its result in, in that order.
     *
     * @param result the query's destination table, also an anonymous one; its project must be named
     * @param columns the result's column for each field of the series' schema, in the schema's order
     */
    Rows readResult(TableId result, Series series, List<String> columns);

    /** Rows for a table, visible all at once with {@link StagedWrite#commit} and never before. */
    StagedWrite stage(TableId table);

    /** Ends everything that was given out, and the connections. */
    @Override
    void close();

    /** Rows, batch by batch. {@link #next} may block; a blocked call ends with {@code Cancelled} when this is closed. */
    interface Rows extends Iterator<Batch>, AutoCloseable {

        /** Ends the reading; calling it twice does nothing. */
        @Override
        void close();
    }

    /** Rows on their way into a table. */
    interface StagedWrite extends AutoCloseable {

        /**
         * Sends rows. The columns are found in the table by their names; a nullable column of the table may be left out.
         * Equally long; always the same names and types for one writer. Blocks while too much is on its way.
         */
        void append(List<Column> columns);

        /**
         * Makes all rows visible at once and tells how many they are. A lost answer is settled by asking again.
         *
         * @throws dev.candlewick.Unconfirmed when it was asked for and nobody says whether it happened, or a request that nobody
         *     answered may still be carried out
         */
        long commit();

        /** Drops what was not committed; calling it twice does nothing. */
        @Override
        void close();
    }
}
