package dev.candlewick.sink.clickhouse;

import com.clickhouse.client.api.DataStreamWriter;
import dev.candlewick.Batch;
import dev.candlewick.CalendarUnit;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.SpillBuffer;
import dev.candlewick.spi.UnitLedger;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The rows of one unit on their way to the server: encoded as they will be sent, in memory and then on disk, cut into the
 * pieces that become an insert each. Where it cuts follows from the rows alone, not from how they were batched, so that a
 * second attempt sends the same pieces. For one thread.
 */
final class UnitRows implements AutoCloseable {

    private static final int BLOCK_ROWS = 1 << 16;

    private final RowsTable table;
    private final Series series;
    private final TimeRange unit;
    private final int pieceRows;
    private final UnitLedger ledger;
    private final NativeEncoder encoder;
    private final Bytes scratch;
    private final SpillBuffer spilled = new SpillBuffer(0);
    private final MemoryBudget memory;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Batch> pending = new ArrayList<>();
    private int pendingRows;
    private long rows;
    private int piece;
    private int rowsInPiece;
    private long partitionEnd = Long.MIN_VALUE;

    /** Consecutive rows, encoded without what is the same for all of them: in memory, or the next ones on disk. */
    private record Block(int piece, int rows, int bytes, Optional<byte[]> inMemory) {}

    /** What the units of one writer share. */
    record Workspace(MemoryBudget memory, NativeEncoder encoder, Bytes scratch) {

        Workspace(long bytes) {
            this(new MemoryBudget(bytes), new NativeEncoder(), new Bytes(1 << 12));
        }
    }

    UnitRows(RowsTable table, Series series, TimeRange unit, Workspace workspace) {
        this.table = table;
        this.series = series;
        this.unit = unit;
        this.pieceRows = table.pieceRows();
        this.ledger = new UnitLedger(series, unit);
        this.memory = workspace.memory();
        this.encoder = workspace.encoder();
        this.scratch = workspace.scratch();
    }

    TimeRange unit() {
        return unit;
    }

    long rows() {
        return rows + pendingRows;
    }

    /** What the rows so far say in a ledger. */
    UnitLedger ledger() {
        return ledger;
    }

    /** Takes rows that follow the ones before. */
    void add(Batch batch) throws IOException {
        if (batch.rows() == 0) {
            return;
        }
        ledger.add(batch);
        int from = 0;
        while (from < batch.rows()) {
            beginPieceAt(batch.times().epochMicros(from));
            int inPartition = batch.firstRowFrom(partitionEnd);
            int room = Math.min(pieceRows - rowsInPiece, BLOCK_ROWS - pendingRows);
            int to = Math.min(inPartition, from + room);
            pending.add(batch.slice(from, to));
            pendingRows += to - from;
            rowsInPiece += to - from;
            from = to;
            if (pendingRows == BLOCK_ROWS) {
                flush();
            }
        }
    }

    private void beginPieceAt(long time) throws IOException {
        boolean otherPartition = time >= partitionEnd;
        if (!otherPartition && rowsInPiece < pieceRows) {
            return;
        }
        flush();
        if (rowsInPiece > 0) {
            piece++;
        }
        rowsInPiece = 0;
        if (otherPartition) {
            CalendarUnit partition = table.partition();
            partitionEnd = partition.containing(TimeRange.instant(time)).endMicros();
        }
    }

    /** Encodes what was taken so far. */
    void flush() throws IOException {
        if (pendingRows == 0) {
            return;
        }
        scratch.clear();
        encoder.columns(pending, pendingRows, scratch);
        Optional<byte[]> inMemory = Optional.empty();
        if (memory.take(scratch.size())) {
            inMemory = Optional.of(Arrays.copyOf(scratch.array(), scratch.size()));
        } else {
            spilled.write(scratch.array(), 0, scratch.size());
        }
        blocks.add(new Block(piece, pendingRows, scratch.size(), inMemory));
        rows += pendingRows;
        pendingRows = 0;
        pending.clear();
    }

    /** How many inserts the rows need. */
    int pieces() throws IOException {
        flush();
        return rows == 0 ? 0 : piece + 1;
    }

    /** The body of one insert: the blocks of a piece with the columns that are the same in every row. */
    DataStreamWriter body(int number, Subject subject, long version) {
        return out -> {
            try (InputStream in = spilled.read()) {
                int ordinal = 0;
                for (Block block : blocks) {
                    if (block.piece() == number) {
                        send(block, ordinal, subject, version, in, out);
                    } else if (block.inMemory().isEmpty() && block.piece() < number) {
                        in.skipNBytes(block.bytes());
                    }
                    ordinal += block.rows();
                }
            }
        };
    }

    private void send(Block block, int ordinal, Subject subject, long version, InputStream in, OutputStream out)
            throws IOException {
        Bytes head = new Bytes(block.rows() * 16 + 256);
        List<String> subjectColumns = table.subjectColumns();
        Schema schema = series.schema();
        head.varint(subjectColumns.size()
                + 1
                + (table.hasOrdinal() ? 1 : 0)
                + schema.fields().size());
        head.varint(block.rows());
        List<String> subjectValues = table.subjectValues(subject);
        for (int column = 0; column < subjectColumns.size(); column++) {
            head.text(subjectColumns.get(column));
            head.text("LowCardinality(String)");
            constant(head, subjectValues.get(column), block.rows());
        }
        head.text(table.version());
        head.text("UInt64");
        head.int64s(version, block.rows());
        if (table.hasOrdinal()) {
            head.text(table.ordinal());
            head.text("UInt32");
            for (int row = 0; row < block.rows(); row++) {
                head.int32(ordinal + row);
            }
        }
        out.write(head.array(), 0, head.size());
        if (block.inMemory().isPresent()) {
            out.write(block.inMemory().get(), 0, block.bytes());
            return;
        }
        byte[] chunk = new byte[1 << 16];
        for (int left = block.bytes(); left > 0; ) {
            int read = in.read(chunk, 0, Math.min(chunk.length, left));
            if (read < 0) {
                throw new EOFException("The buffer of " + series + " " + unit + " lost " + left + " bytes");
            }
            out.write(chunk, 0, read);
            left -= read;
        }
    }

    // A dictionary of one text, then one byte per row.
    private static void constant(Bytes to, String value, int rows) {
        long withKeysOfTheirOwn = 1L << 9;
        to.int64(1);
        to.int64(withKeysOfTheirOwn);
        to.int64(1);
        to.text(value);
        to.int64(rows);
        to.zeros(rows);
    }

    /** Adds all rows to others of the same series. */
    void copyTo(UnitRows target) throws IOException {
        flush();
        try (InputStream in = spilled.read()) {
            for (Block block : blocks) {
                byte[] bytes = block.inMemory().isPresent() ? block.inMemory().get() : in.readNBytes(block.bytes());
                Bytes head = new Bytes(16);
                head.varint(series.schema().fields().size());
                head.varint(block.rows());
                InputStream whole = new SequenceInputStream(
                        new ByteArrayInputStream(head.array(), 0, head.size()),
                        new ByteArrayInputStream(bytes, 0, block.bytes()));
                target.add(new NativeDecoder(whole)
                        .next(series)
                        .orElseThrow(() -> new EOFException("A block of " + series + " is gone")));
            }
        }
    }

    @Override
    public void close() throws IOException {
        pending.clear();
        blocks.stream().filter(block -> block.inMemory().isPresent()).forEach(block -> memory.give(block.bytes()));
        blocks.clear();
        spilled.close();
    }
}
