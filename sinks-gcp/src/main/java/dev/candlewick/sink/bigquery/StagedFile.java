package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeColumn;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.spi.SpillBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rows of a group as one Parquet file for one load job, encoded while they arrive: memory holds one row group and the
 * first bytes of the file, whatever the group's size. Each row carries a tag, by which the transaction takes those of the
 * units that it commits and leaves the others. Safe for many threads.
 */
final class StagedFile implements AutoCloseable {

    private static final int MEMORY_BYTES = 1 << 24;
    private static final WriteOptions OPTIONS = new WriteOptions(1, 8_192, 131_072);

    private final RowsTable table;
    private final String tag;
    private final Series series;
    private final SpillBuffer bytes = new SpillBuffer(MEMORY_BYTES);
    private final ParquetFileWriter writer;
    private boolean finished;

    StagedFile(RowsTable table) {
        this.table = table;
        this.tag = free("staged_unit");
        List<Field> fields = new ArrayList<>();
        // Files are in time order, and series in one file are not: in their place stands a time that never changes.
        fields.add(Field.time(free("staged_order")));
        fields.add(Field.text(tag));
        fields.addAll(table.fields());
        Schema schema =
                new Schema(fields, fields.get(0).name(), List.of(fields.get(0).name()));
        this.series = new Series(
                new Subject("CANDLEWICK", "STAGED", "ROWS"), new Dataset("staged", schema, Cadence.events()));
        this.writer = ParquetFileWriter.to(bytes, schema, Map.of(), OPTIONS);
    }

    private String free(String name) {
        String free = name;
        while (table.columns().contains(free)) {
            free += "_of_store";
        }
        return free;
    }

    /** The column of the tags. */
    String tag() {
        return tag;
    }

    List<Field> fields() {
        return series.schema().fields();
    }

    /** Adds rows under a tag. */
    synchronized void add(String unit, Batch batch, long firstOrdinal) throws IOException {
        if (finished) {
            throw new IllegalStateException("The file is finished; no more rows");
        }
        List<Column> columns = new ArrayList<>();
        columns.add(TimeColumn.adopt(fields().get(0).name(), new long[batch.rows()]));
        columns.add(RowsTable.constant(tag, unit, batch.rows()));
        columns.addAll(table.columns(batch, firstOrdinal));
        try {
            writer.write(Batch.of(series, columns));
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    synchronized long rows() {
        return writer.rows();
    }

    /** The bytes so far; the last row group is not among them before {@link #finish}. */
    synchronized long size() {
        return bytes.size();
    }

    /** Ends the file; no rows can be added any more. */
    synchronized void finish() throws IOException {
        if (!finished) {
            finished = true;
            try {
                writer.finish();
            } catch (UncheckedIOException failed) {
                throw failed.getCause();
            }
        }
    }

    synchronized InputStream read() throws IOException {
        return bytes.read();
    }

    @Override
    public synchronized void close() {
        finished = true;
        writer.close();
        try {
            bytes.close();
        } catch (IOException leftInTheTemporaryFolder) {
            // The file is temporary, and the system's to collect.
        }
    }
}
