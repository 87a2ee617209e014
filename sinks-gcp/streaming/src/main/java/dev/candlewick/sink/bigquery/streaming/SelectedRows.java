package dev.candlewick.sink.bigquery.streaming;

import com.google.protobuf.ByteString;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cancelled;
import dev.candlewick.ColumnType;
import dev.candlewick.Field;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.bigquery.RowSelection;
import dev.candlewick.sink.bigquery.RowStreams;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a selection in order. The service sends rows in any order over several streams, so each piece of the range is read whole,
 * sorted and handed out; a piece that turns out larger than the memory for it is divided and read again.
 */
final class SelectedRows implements RowStreams.Rows {

    private static final int BATCH_ROWS = 32_768;
    private static final int MOST_PIECES = 64;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxxx", Locale.ROOT);
    private static final long FIRST_MICROS = -62_135_596_800_000_000L; // 0001-01-01
    private static final long LAST_MICROS = 253_402_300_799_999_999L;

    private final StorageClients clients;
    private final RowSelection selection;
    private final long mostBytes;
    private final int mostStreams;
    private final Deque<TimeRange> pieces = new ArrayDeque<>();
    private Iterator<Batch> ready = List.<Batch>of().iterator();
    private volatile @Nullable SessionRead reading;
    private volatile boolean closed;

    SelectedRows(StorageClients clients, RowSelection selection, long mostBytes, int mostStreams) {
        this.clients = clients;
        this.selection = selection;
        this.mostBytes = mostBytes;
        this.mostStreams = mostStreams;
        pieces.add(selection.range());
    }

    @Override
    public boolean hasNext() {
        while (!ready.hasNext()) {
            if (closed) {
                throw new Cancelled(doing(selection.range()) + " was closed before its end");
            }
            Optional<TimeRange> piece = Optional.ofNullable(pieces.poll());
            if (piece.isEmpty()) {
                return false;
            }
            fetch(piece.get());
        }
        return true;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows of " + selection.series());
        }
        return ready.next();
    }

    private String doing(TimeRange range) {
        return "Reading " + selection.series() + " over " + range + " from table "
                + selection.table().getTable();
    }

    private void fetch(TimeRange piece) {
        List<Cells> fields = fields();
        List<Cells> order = order(fields);
        List<Cells> all = new ArrayList<>(fields);
        order.stream().filter(column -> !fields.contains(column)).forEach(all::add);
        String doing = doing(piece);
        try (SessionRead session = new SessionRead(
                clients,
                doing,
                Tables.path(selection.table()),
                all.stream().map(Cells::name).toList(),
                restriction(piece),
                mostStreams)) {
            reading = session;
            if (closed) {
                throw new Cancelled(doing + " was closed before its end");
            }
            ArrowMessages messages = new ArrowMessages(doing, session.schema(), all);
            int rowBytes = all.stream().mapToInt(Cells::bytesPerRow).sum();
            long rows = 0;
            for (Optional<ByteString> batch = session.next(); batch.isPresent(); batch = session.next()) {
                rows += messages.read(batch.get());
                if (rows * rowBytes > mostBytes && divide(piece, rows, session.estimatedRows())) {
                    return;
                }
            }
            ready = new Sorted(fields, order, (int) rows);
        } finally {
            reading = null;
        }
    }

    /** Puts smaller pieces in place of one; false when it cannot be divided. */
    private boolean divide(TimeRange piece, long rowsSoFar, long estimated) {
        long micros = piece.endMicros() - piece.startMicros();
        long wanted = Math.max(2, Math.min(MOST_PIECES, 1 + estimated / Math.max(1, rowsSoFar)));
        long count = Math.min(wanted, micros);
        if (count < 2) {
            return false;
        }
        long end = piece.endMicros();
        for (long i = count - 1; i >= 0; i--) {
            long start = piece.startMicros() + micros / count * i;
            pieces.addFirst(TimeRange.ofEpochMicros(start, end));
            end = start;
        }
        return true;
    }

    private List<Cells> fields() {
        List<Cells> cells = new ArrayList<>();
        List<Field> fields = selection.series().schema().fields();
        for (int i = 0; i < fields.size(); i++) {
            cells.add(new Cells(
                    selection.columns().get(i),
                    fields.get(i).type(),
                    fields.get(i).nullable()));
        }
        return cells;
    }

    /** The time first; columns that only order rows are integers. */
    private List<Cells> order(List<Cells> fields) {
        List<Cells> order = new ArrayList<>();
        order.add(find(fields, selection.timeColumn()).orElseThrow());
        for (String name : selection.order()) {
            order.add(find(fields, name).orElseGet(() -> new Cells(name, new ColumnType.Int64(), false)));
        }
        return order;
    }

    private static Optional<Cells> find(List<Cells> cells, String name) {
        return cells.stream().filter(each -> each.name().equalsIgnoreCase(name)).findFirst();
    }

    private String restriction(TimeRange piece) {
        String time = "`" + selection.timeColumn() + "`";
        String within = time + " >= " + literal(piece.startMicros()) + " AND " + time
                + (piece.endMicros() > LAST_MICROS
                        ? " <= " + literal(LAST_MICROS)
                        : " < " + literal(piece.endMicros()));
        return selection.restriction().isBlank() ? within : within + " AND (" + selection.restriction() + ")";
    }

    private static String literal(long micros) {
        long kept = Math.max(FIRST_MICROS, Math.min(LAST_MICROS, micros));
        return "TIMESTAMP '" + TIMESTAMP.format(TimeRange.instant(kept).atOffset(ZoneOffset.UTC)) + "'";
    }

    @Override
    public void close() {
        closed = true;
        SessionRead open = reading;
        if (open != null) {
            open.close();
        }
    }

    /** Rows in memory, handed out in order. */
    private final class Sorted implements Iterator<Batch> {

        private final List<Cells> fields;
        private final int[] rows;
        private int at;

        Sorted(List<Cells> fields, List<Cells> order, int count) {
            this.fields = fields;
            this.rows = new int[count];
            Arrays.setAll(rows, row -> row);
            boolean sorted = true;
            for (int row = 1; row < count && sorted; row++) {
                sorted = compare(order, row - 1, row) <= 0;
            }
            if (!sorted) {
                Integer[] boxed = new Integer[count];
                Arrays.setAll(boxed, row -> row);
                Arrays.sort(boxed, (a, b) -> compare(order, a, b));
                Arrays.setAll(rows, row -> boxed[row]);
            }
        }

        private int compare(List<Cells> order, int a, int b) {
            for (Cells column : order) {
                int difference = column.compare(a, b);
                if (difference != 0) {
                    return difference;
                }
            }
            return 0;
        }

        @Override
        public boolean hasNext() {
            return at < rows.length;
        }

        @Override
        public Batch next() {
            int count = Math.min(BATCH_ROWS, rows.length - at);
            BatchBuilder builder = new BatchBuilder(selection.series(), count);
            for (int i = 0; i < count; i++) {
                for (int column = 0; column < fields.size(); column++) {
                    fields.get(column).copy(rows[at + i], builder, column);
                }
                builder.endRow();
            }
            at += count;
            return builder.build();
        }
    }
}
