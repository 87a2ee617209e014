package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.JobException;
import com.google.cloud.bigquery.TableResult;
import dev.candlewick.Batch;
import dev.candlewick.Series;
import java.util.Optional;
import java.util.function.Consumer;

/** The rows of one query, a page at a time: one state of the table, however long the reading takes. For one thread. */
final class RowPages {

    private static final int PAGE_BYTES = 8 << 20;
    private static final int MOST_ROWS = 32_768;

    private final Warehouse warehouse;
    private final String doing;
    private final RowDecoder decoder;
    private final long total;
    private Optional<TableResult> page;

    private RowPages(Warehouse warehouse, String doing, RowDecoder decoder, Optional<TableResult> page) {
        this.warehouse = warehouse;
        this.doing = doing;
        this.decoder = decoder;
        this.page = page;
        this.total = page.map(TableResult::getTotalRows).orElse(0L);
    }

    /** Asks the query; a table that is not there has no rows. */
    static RowPages of(Warehouse warehouse, RowsTable table, Series series, Statement query) {
        String doing = "Reading " + Failures.cut(series);
        int pageRows = Math.max(100, Math.min(MOST_ROWS, PAGE_BYTES / Math.max(1, table.rowBytes())));
        RowDecoder decoder = new RowDecoder(series, pageRows);
        try {
            return new RowPages(warehouse, doing, decoder, Optional.of(warehouse.query(doing, query, pageRows)));
        } catch (BigQueryException | JobException failed) {
            if (warehouse.isNothingThere(failed)) {
                return new RowPages(warehouse, doing, decoder, Optional.empty());
            }
            throw warehouse.failures().of(doing, failed);
        }
    }

    /** How many rows there are on all pages. */
    long total() {
        return total;
    }

    /** The next rows; empty after the last. */
    Optional<Batch> next() {
        while (page.isPresent()) {
            TableResult now = page.get();
            Batch batch = decoder.decode(now.getValues());
            page = now.hasNextPage()
                    ? Optional.of(warehouse.get(doing, client -> now.getNextPage()))
                    : Optional.empty();
            if (batch.rows() > 0) {
                return Optional.of(batch);
            }
        }
        return Optional.empty();
    }

    void each(Consumer<Batch> taker) {
        for (Optional<Batch> batch = next(); batch.isPresent(); batch = next()) {
            taker.accept(batch.get());
        }
    }
}
