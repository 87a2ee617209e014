package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.TableId;
import com.google.protobuf.ByteString;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Field;
import dev.candlewick.Series;
import dev.candlewick.sink.bigquery.RowStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of a query's result, by one stream, in the query's order. */
final class ResultRows implements RowStreams.Rows {

    private final StorageClients clients;
    private final TableId result;
    private final Series series;
    private final List<String> columns;
    private volatile @Nullable SessionRead session;
    private volatile boolean closed;
    private Optional<Batch> ready = Optional.empty();
    private long lastMicros = Long.MIN_VALUE;

    ResultRows(StorageClients clients, TableId result, Series series, List<String> columns) {
        this.clients = clients;
        this.result = result;
        this.series = series;
        this.columns = List.copyOf(columns);
        if (columns.size() != series.schema().fields().size()) {
            throw new IllegalArgumentException(
                    series + " has fields " + series.schema().names() + ", which columns " + columns + " do not match");
        }
    }

    private String doing() {
        return "Reading " + series + " from the result in table " + result.getTable();
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            if (closed) {
                throw new Cancelled(doing() + " was closed before its end");
            }
            SessionRead open = session;
            if (open == null) {
                open = new SessionRead(clients, doing(), Tables.path(result), columns, "", 1);
                session = open;
            }
            Optional<ByteString> next = open.next();
            if (next.isEmpty()) {
                return false;
            }
            ready = Optional.of(decoded(open, next.get())).filter(batch -> batch.rows() > 0);
        }
        return true;
    }

    private Batch decoded(SessionRead open, ByteString message) {
        List<Cells> cells = new ArrayList<>();
        List<Field> fields = series.schema().fields();
        for (int i = 0; i < fields.size(); i++) {
            cells.add(new Cells(
                    columns.get(i), fields.get(i).type(), fields.get(i).nullable()));
        }
        int rows = new ArrowMessages(doing(), open.schema(), cells).read(message);
        BatchBuilder builder = new BatchBuilder(series, rows);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < cells.size(); i++) {
                cells.get(i).copy(row, builder, i);
            }
            builder.endRow();
        }
        try {
            Batch batch = builder.build();
            if (rows > 0) {
                if (batch.times().epochMicros(0) < lastMicros) {
                    throw new IllegalArgumentException("rows go back in time between two messages");
                }
                lastMicros = batch.times().epochMicros(rows - 1);
            }
            return batch;
        } catch (IllegalArgumentException unordered) {
            throw new Corrupt(
                    doing() + " failed: the result is not in the order of time: " + unordered.getMessage(), unordered);
        }
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows of " + series);
        }
        Batch batch = ready.orElseThrow();
        ready = Optional.empty();
        return batch;
    }

    @Override
    public void close() {
        closed = true;
        SessionRead open = session;
        if (open != null) {
            open.close();
        }
    }
}
