package dev.candlewick.sink.parquet.file;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.TimeColumn;
import dev.candlewick.sink.parquet.file.ChunkWriter.WrittenChunk;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SortingColumn;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;

/**
 * Writes one Parquet file: columns of a schema, rows in time order, zstd where it helps, statistics, page indexes and page checksums.
 * Equal rows, metadata and options give equal bytes, however the rows are cut into batches.
 *
 * <p>Holds at most two row groups of values: one that fills, and the one before it, which a second core encodes meanwhile. Failures of the output are {@link UncheckedIOException}s. For one thread.
 */
public final class ParquetFileWriter implements AutoCloseable {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NONE = new byte[0];

    private static final long MICROS_PER_DAY = 86_400_000_000L;

    // What a row group of books of 25 levels has in 40,000 rows: 32 MiB of values, whatever the number of columns.
    private static final int MOST_VALUES = 1 << 22;

    private final OutputStream out;
    private final Schema schema;
    private final Map<String, String> metadata;
    private final WriteOptions options;
    // As many as columns are ever encoded at once.
    private final Queue<ChunkWriter> idle = new ConcurrentLinkedQueue<>();
    private final int rowsPerRowGroup;
    private final int timeAt;
    private final ByteBuilder buffer = new ByteBuilder(1 << 16);

    private final List<RowGroup> rowGroups = new ArrayList<>();
    // Page indexes as they will stand behind the rows, by row group and column: of 50 million trades 2 MB, and eight
    // times
    // that as objects. A column without a column index has no bytes there.
    private final List<byte[][]> columnIndexes = new ArrayList<>();
    private final List<byte[][]> offsetIndexes = new ArrayList<>();
    // The row group that fills; the one that is being encoded, if any; and what held the one before that.
    private List<Cells> cells;
    private Optional<FullGroup> encoding = Optional.empty();
    private Optional<List<Cells>> spare = Optional.empty();
    private int buffered;
    private long rows;
    private long position;
    private long firstEpochMicros;
    private long lastEpochMicros = Long.MIN_VALUE;
    private long lastDay = Long.MIN_VALUE;
    private boolean finished;
    private boolean closed;

    private ParquetFileWriter(OutputStream out, Schema schema, Map<String, String> metadata, WriteOptions options) {
        this.out = out;
        this.schema = schema;
        // In the order of the keys, so that equal metadata gives equal bytes.
        this.metadata = new TreeMap<>(metadata);
        this.options = options;
        this.timeAt = schema.indexOf(schema.time());
        this.cells = newCells();
        int columns = schema.fields().size();
        this.rowsPerRowGroup =
                Math.max(options.rowsPerPage(), Math.min(options.rowsPerRowGroup(), MOST_VALUES / columns));
    }

    private List<Cells> newCells() {
        return schema.fields().stream().map(Cells::of).toList();
    }

    /** A writer of a new file into {@code out}, which stays open when the writer is done with it. */
    public static ParquetFileWriter to(
            OutputStream out, Schema schema, Map<String, String> metadata, WriteOptions options) {
        ParquetFileWriter writer = new ParquetFileWriter(out, schema, metadata, options);
        writer.emit(MAGIC, MAGIC.length);
        return writer;
    }

    /** Appends rows, which must have the file's columns and not go back in time. */
    public void write(Batch batch) {
        if (finished) {
            throw new IllegalStateException("The file is finished; no more rows");
        }
        if (!batch.series().schema().fields().equals(schema.fields())) {
            throw new IllegalArgumentException("The file has columns " + schema + ", the batch "
                    + batch.series().schema());
        }
        batch.requireWhole();
        if (batch.rows() == 0) {
            return;
        }
        TimeColumn times = (TimeColumn) batch.columns().get(timeAt);
        checkOrder(times);
        for (int from = 0; from < batch.rows(); ) {
            if (buffered >= options.rowsPerDays() && dayOf(times.epochMicros(from)) > lastDay) {
                flushRowGroup();
            }
            int room = Math.min(rowsToDaysEnd(times, from), rowsPerRowGroup - buffered);
            int fitting = room;
            for (int i = 0; i < cells.size(); i++) {
                fitting = cells.get(i).roomFor(batch.columns().get(i), from, from + fitting);
            }
            append(batch.columns(), from, from + fitting);
            from += fitting;
            lastDay = dayOf(times.epochMicros(from - 1));
            if (fitting < room || buffered == rowsPerRowGroup) {
                flushRowGroup();
            }
        }
    }

    /** Rows to the end of the day at which the row group may end; all when it is not to end within these. */
    private int rowsToDaysEnd(TimeColumn times, int from) {
        int rows = times.size();
        long row = from + Math.max(0L, options.rowsPerDays() - buffered - 1L);
        if (row >= rows || options.rowsPerDays() == options.rowsPerRowGroup()) {
            return rows - from;
        }
        long day = dayOf(times.epochMicros((int) row));
        int low = (int) row;
        int high = rows;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (dayOf(times.epochMicros(middle)) <= day) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - from;
    }

    private static long dayOf(long epochMicros) {
        return Math.floorDiv(epochMicros, MICROS_PER_DAY);
    }

    private void checkOrder(TimeColumn times) {
        long first = times.epochMicros(0);
        if (rows > 0 && first < lastEpochMicros) {
            throw new IllegalArgumentException(
                    "Rows must not go back in time: a batch starts at " + times.text(0) + ", before the row before it");
        }
        if (rows == 0) {
            firstEpochMicros = first;
        }
        lastEpochMicros = times.epochMicros(times.size() - 1);
    }

    private void append(List<Column> columns, int from, int to) {
        for (int i = 0; i < cells.size(); i++) {
            cells.get(i).append(columns.get(i), from, to);
        }
        buffered += to - from;
        rows += to - from;
    }

    /** Rows so far. */
    public long rows() {
        return rows;
    }

    /** Writes what is buffered and the footer, flushes the output, and says what the file holds. */
    public FileFacts finish() {
        finishRows();
        byte[] footer = footer(Map.of());
        emit(footer, footer.length);
        try {
            out.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return new FileFacts(rows, position, rowGroups.size(), firstEpochMicros, rows == 0 ? 0 : lastEpochMicros);
    }

    /**
     * Writes what is buffered and all but the footer, for whoever wants to say in the footer what becomes known only with
     * the last row; gives the length so far. Instead of {@link #finish}.
     */
    public long finishRows() {
        if (finished) {
            throw new IllegalStateException("The file is finished already");
        }
        finished = true;
        if (buffered > 0) {
            flushRowGroup();
        }
        writeEncoded();
        writeIndexes();
        // What is left to do is the footer, which may be long in coming.
        cells = List.of();
        spare = Optional.empty();
        columnIndexes.clear();
        offsetIndexes.clear();
        freeWriters();
        return position;
    }

    /**
     * The footer with which the file ends, to be put behind its other bytes; as often as asked for after
     * {@link #finishRows}.
     *
     * @param further metadata besides that given at the start
     */
    public byte[] footer(Map<String, String> further) {
        if (!finished || closed) {
            throw new IllegalStateException("There is a footer from the end of the rows until the writer is closed");
        }
        Map<String, String> all = new TreeMap<>(metadata);
        all.putAll(further);
        try {
            return footerBytes(all);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Frees the buffers. Without {@link #finish} what was written is no Parquet file. Leaves the output open. */
    @Override
    public void close() {
        finished = true;
        closed = true;
        encoding.ifPresent(begun -> begun.work.cancel());
        encoding = Optional.empty();
        freeWriters();
    }

    private void freeWriters() {
        for (ChunkWriter chunks = idle.poll(); chunks != null; chunks = idle.poll()) {
            chunks.close();
        }
    }

    /** A row group that is full: its cells, what they become, and who works on that. */
    private final class FullGroup {
        private final List<Cells> cells;
        private final int rows;
        private final WrittenChunk[] chunks;
        private final Lanes work;

        FullGroup(List<Cells> cells, int rows) {
            this.cells = cells;
            this.rows = rows;
            WrittenChunk[] written = new WrittenChunk[cells.size()];
            this.chunks = written;
            this.work = Lanes.start(cells.size(), rows, i -> written[i] = encoded(cells.get(i), rows));
        }
    }

    /** Begins to encode the row group that is full, and writes the one before it. */
    private void flushRowGroup() {
        writeEncoded();
        encoding = Optional.of(new FullGroup(cells, buffered));
        if (!finished) {
            cells = spare.orElseGet(this::newCells);
            spare = Optional.empty();
        }
        buffered = 0;
    }

    private void writeEncoded() {
        if (encoding.isEmpty()) {
            return;
        }
        FullGroup group = encoding.get();
        encoding = Optional.empty();
        group.work.finish();
        List<ColumnChunk> columns = new ArrayList<>();
        byte[][] indexes = new byte[group.cells.size()][];
        byte[][] offsets = new byte[group.cells.size()][];
        long start = position;
        long uncompressed = 0;
        for (int i = 0; i < group.cells.size(); i++) {
            Cells column = group.cells.get(i);
            WrittenChunk chunk = group.chunks[i];
            columns.add(columnChunk(schema.fields().get(i), column, chunk));
            indexes[i] = PageIndexes.columnIndex(chunk.pages, column, options.rowsPerPage(), group.rows)
                    .map(index -> written(out -> Util.writeColumnIndex(index, out)))
                    .orElse(NONE);
            OffsetIndex offset = PageIndexes.offsetIndex(chunk.pages, position);
            offsets[i] = written(out -> Util.writeOffsetIndex(offset, out));
            uncompressed += chunk.uncompressed;
            emit(chunk.bytes.array(), chunk.bytes.size());
            column.clear();
        }
        spare = Optional.of(group.cells);
        rowGroups.add(new RowGroup(columns, uncompressed, group.rows)
                .setFile_offset(start)
                .setTotal_compressed_size(position - start)
                .setOrdinal((short) Math.min(Short.MAX_VALUE, rowGroups.size()))
                .setSorting_columns(List.of(new SortingColumn(timeAt, false, false))));
        columnIndexes.add(indexes);
        offsetIndexes.add(offsets);
    }

    private WrittenChunk encoded(Cells column, int count) {
        ChunkWriter known = idle.poll();
        ChunkWriter chunks = known == null ? new ChunkWriter(options.zstdLevel()) : known;
        try {
            return chunks.write(column, count, options.rowsPerPage());
        } finally {
            idle.add(chunks);
        }
    }

    private ColumnChunk columnChunk(Field field, Cells column, WrittenChunk chunk) {
        List<Encoding> encodings = new ArrayList<>(List.of(chunk.encoding));
        if (chunk.hasDictionary) {
            encodings.add(Encoding.PLAIN);
        }
        if (field.nullable()) {
            encodings.add(Encoding.RLE);
        }
        ColumnMetaData meta = new ColumnMetaData(
                StoredType.physical(field),
                encodings,
                List.of(field.name()),
                chunk.codec,
                chunk.rows,
                chunk.uncompressed,
                chunk.bytes.size(),
                position + chunk.pages.get(0).start());
        if (chunk.hasDictionary) {
            meta.setDictionary_page_offset(position);
        }
        Statistics statistics = new Statistics().setNull_count(chunk.nulls);
        PageIndexes.whole(chunk.pages, column, options.rowsPerPage(), chunk.rows)
                .ifPresent(bounds -> statistics
                        .setMin_value(bounds.least())
                        .setMax_value(bounds.greatest())
                        .setIs_min_value_exact(true)
                        .setIs_max_value_exact(true));
        meta.setStatistics(statistics);
        return new ColumnChunk(0).setMeta_data(meta);
    }

    // Thrift's getter may return null in general; of a row group written here it never does.
    private ColumnChunk chunk(int group, int column) {
        return Objects.requireNonNull(rowGroups.get(group).getColumns(), "columns")
                .get(column);
    }

    private void writeIndexes() {
        for (int group = 0; group < rowGroups.size(); group++) {
            for (int i = 0; i < schema.fields().size(); i++) {
                byte[] index = columnIndexes.get(group)[i];
                if (index.length > 0) {
                    chunk(group, i).setColumn_index_offset(position).setColumn_index_length(index.length);
                    emit(index, index.length);
                }
            }
        }
        for (int group = 0; group < rowGroups.size(); group++) {
            for (int i = 0; i < schema.fields().size(); i++) {
                byte[] index = offsetIndexes.get(group)[i];
                chunk(group, i).setOffset_index_offset(position).setOffset_index_length(index.length);
                emit(index, index.length);
            }
        }
    }

    /** Writes one of Thrift's structures. */
    @FunctionalInterface
    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private byte[] written(Writing structure) {
        buffer.clear();
        try {
            structure.to(buffer);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Arrays.copyOf(buffer.array(), buffer.size());
    }

    private byte[] footerBytes(Map<String, String> all) throws IOException {
        FileMetaData footer = new FileMetaData(2, StoredType.elements(schema), rows, rowGroups);
        footer.setCreated_by(CreatedBy.text());
        // Without orders readers must not trust the statistics of strings and wide decimals.
        footer.setColumn_orders(schema.fields().stream()
                .map(field -> ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()))
                .toList());
        for (Map.Entry<String, String> entry : all.entrySet()) {
            footer.addToKey_value_metadata(new KeyValue(entry.getKey()).setValue(entry.getValue()));
        }
        buffer.clear();
        Util.writeFileMetaData(footer, buffer);
        int size = buffer.size();
        buffer.int32(size);
        buffer.write(MAGIC, 0, MAGIC.length);
        return Arrays.copyOf(buffer.array(), buffer.size());
    }

    private void emit(byte[] bytes, int count) {
        try {
            out.write(bytes, 0, count);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        position += count;
    }
}
