package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsRequest;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsResponse;
import com.google.cloud.bigquery.storage.v1.GetWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import dev.candlewick.Column;
import dev.candlewick.Corrupt;
import dev.candlewick.Field;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.bigquery.RowStreams;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Rows into one stream of type PENDING: offsets from 0, ended, then committed at once. */
final class StagedStream implements RowStreams.StagedWrite {

    private static final int REQUEST_BYTES = 4 << 20;

    private final StorageClients clients;
    private final String table;
    private final long mostBytes;
    private List<Field> fields = List.of();
    private volatile @Nullable Appender appender;
    private @Nullable RowEncoder encoder;
    private volatile boolean closed;
    private boolean committed;

    StagedStream(StorageClients clients, TableId table, long mostBytes) {
        this.clients = clients;
        this.table = Tables.path(table);
        this.mostBytes = mostBytes;
    }

    @Override
    public void append(List<Column> columns) {
        requireOpen();
        if (columns.isEmpty()
                || columns.stream()
                        .anyMatch(column -> column.size() != columns.get(0).size())) {
            throw new IllegalArgumentException("Columns for " + table + " must be equally long, and at least one");
        }
        RowEncoder.check(columns);
        Appender target = appender;
        RowEncoder rows = encoder;
        if (target == null || rows == null) {
            fields = columns.stream()
                    .map(column -> new Field(column.name(), column.type(), false))
                    .toList();
            WriteStream stream = Appender.create(clients, table, WriteStream.Type.PENDING);
            rows = new RowEncoder(
                    TableColumns.matching(table, stream.getTableSchema(), fields),
                    BigQueryStream.Builder.scales(fields));
            target = new Appender(
                    clients, table, WriteStream.Type.PENDING, rows.descriptor(), mostBytes, stream.getName(), 0, false);
            encoder = rows;
            appender = target;
        }
        requireSame(columns);
        rows.requireValues(columns);
        rows.requireSizes(new byte[0], columns);
        for (int from = 0; from < columns.get(0).size(); ) {
            RowEncoder.Encoded encoded = rows.encode(new byte[0], columns, from, REQUEST_BYTES);
            int first = from;
            target.append(encoded.rows(), encoded.bytes(), index -> "row " + (first + index));
            from = encoded.to();
        }
    }

    private void requireSame(List<Column> columns) {
        for (int i = 0; i < Math.max(columns.size(), fields.size()); i++) {
            if (columns.size() != fields.size()
                    || !columns.get(i).name().equals(fields.get(i).name())
                    || !columns.get(i).type().equals(fields.get(i).type())) {
                throw new IllegalArgumentException("Rows for " + table + " had columns " + fields + " before, not "
                        + columns.stream()
                                .map(column -> column.name() + " " + column.type())
                                .toList());
            }
        }
    }

    private void requireOpen() {
        if (closed || committed) {
            throw new IllegalStateException("The rows for " + table + " are " + (committed ? "committed" : "closed"));
        }
    }

    @Override
    public long commit() {
        requireOpen();
        Appender source = appender;
        if (source == null) {
            committed = true;
            return 0;
        }
        source.flush();
        long rows = Appender.finished(clients, source.stream());
        if (rows != source.stored()) {
            throw new Corrupt("Stream " + source.stream() + " has " + rows + " rows, but " + source.stored()
                    + " were sent. Nothing is visible; run again");
        }
        commit(source.stream(), rows);
        committed = true;
        return rows;
    }

    private void commit(String stream, long rows) {
        String doing = "Committing " + rows + " rows of stream " + stream;
        BatchCommitWriteStreamsRequest request = BatchCommitWriteStreamsRequest.newBuilder()
                .setParent(table)
                .addWriteStreams(stream)
                .build();
        BatchCommitWriteStreamsResponse response;
        AtomicBoolean onItsWay = new AtomicBoolean();
        try {
            response = clients.call(
                    doing,
                    () -> clients.writing().batchCommitWriteStreamsCallable().futureCall(request),
                    failure -> {
                        if (Failures.mayHaveHappened(failure)) {
                            onItsWay.set(true);
                        }
                    });
        } catch (Unavailable | Refused unknown) {
            if (isCommitted(stream, doing, unknown)) {
                return;
            }
            if (onItsWay.get()) {
                throw new Unconfirmed(
                        doing + " has no known outcome: " + unknown.getMessage()
                                + ". It has not happened so far, but a request that nobody answered still may be carried"
                                + " out. Either all rows are visible then or none; look at " + table
                                + " before running again",
                        unknown);
            }
            throw unknown;
        }
        for (StorageError error : response.getStreamErrorsList()) {
            // Nobody else knows the stream: an earlier try of ours was heard.
            if (error.getCode() != StorageError.StorageErrorCode.STREAM_ALREADY_COMMITTED) {
                throw new Refused(
                        doing + " was refused: " + error.getErrorMessage() + ". Nothing is visible; run again");
            }
        }
        if (response.getStreamErrorsCount() == 0 && !response.hasCommitTime()) {
            throw new Unconfirmed(doing + " was answered without a time of commit. Count the rows of " + table);
        }
    }

    private boolean isCommitted(String stream, String doing, MarketDataException unknown) {
        GetWriteStreamRequest request =
                GetWriteStreamRequest.newBuilder().setName(stream).build();
        try {
            return clients.call(
                            doing,
                            () -> clients.writing().getWriteStreamCallable().futureCall(request))
                    .hasCommitTime();
        } catch (Unavailable | Refused nobodySays) {
            unknown.addSuppressed(nobodySays);
            throw new Unconfirmed(
                    doing + " has no known outcome: " + unknown.getMessage()
                            + ". Either all rows are visible or none; run again",
                    unknown);
        }
    }

    @Override
    public void close() {
        closed = true;
        Appender source = appender;
        if (source != null) {
            source.close();
        }
    }

    @Override
    public String toString() {
        return "Rows for " + table;
    }
}
