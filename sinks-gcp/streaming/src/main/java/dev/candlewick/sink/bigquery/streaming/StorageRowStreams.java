package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.TableId;
import dev.candlewick.Series;
import dev.candlewick.sink.bigquery.RowSelection;
import dev.candlewick.sink.bigquery.RowStreams;
import java.util.List;

/** Rows by the Storage Read and Write API. Thread-safe. */
final class StorageRowStreams implements RowStreams {

    static final long READ_BYTES = 64L << 20;
    static final long WRITE_BYTES = 16L << 20;
    static final int MOST_STREAMS = 4;

    private final StorageClients clients;
    private final long readBytes;

    StorageRowStreams(StorageClients clients, long readBytes) {
        this.clients = clients;
        this.readBytes = readBytes;
    }

    @Override
    public Rows read(RowSelection selection) {
        return new SelectedRows(clients, selection, readBytes, MOST_STREAMS);
    }

    @Override
    public Rows readResult(TableId result, Series series, List<String> columns) {
        return new ResultRows(clients, result, series, columns);
    }

    @Override
    public StagedWrite stage(TableId table) {
        return new StagedStream(clients, table, WRITE_BYTES);
    }

    @Override
    public void close() {
        clients.close();
    }

    @Override
    public String toString() {
        return "BigQuery's Storage API for " + clients.access();
    }
}
