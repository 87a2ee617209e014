package dev.candlewick.sink.parquet.file;

import dev.candlewick.Batch;
import dev.candlewick.Field;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;

/**
 * Opens a Parquet file, ours or anybody's, and gives its rows as batches of a series.
 *
 * <p>Columns are found by name, case-sensitive; others are ignored. Row groups and pages outside of the range asked for are
 * not read. Bytes that cannot be right end in {@code Corrupt} naming file, column, row group and page; a sound file that
 * has no exact reading as the series in {@code Refused}; a failing {@link ByteSource} in {@link UncheckedIOException}.
 * For one thread at a time.
 */
public final class ParquetFileReader implements AutoCloseable {

    private final ByteSource source;
    private final String name;
    private final Footer footer;
    private final Codecs codecs = new Codecs();

    private ParquetFileReader(ByteSource source, String name, Footer footer) {
        this.source = source;
        this.name = name;
        this.footer = footer;
    }

    /** Opens a file on disk. */
    public static ParquetFileReader open(Path file) {
        try {
            return open(ByteSource.of(file), file.toString());
        } catch (IOException failed) {
            throw new UncheckedIOException("Could not open " + file, failed);
        }
    }

    /** Opens a file by its footer; {@code name} stands for it in messages. Closes the source in the end, or on failure. */
    public static ParquetFileReader open(ByteSource source, String name) {
        try {
            return new ParquetFileReader(source, name, Footer.read(source, name));
        } catch (RuntimeException failed) {
            try {
                source.close();
            } catch (IOException closing) {
                failed.addSuppressed(closing);
            }
            throw failed;
        }
    }

    /** How many rows the file has. */
    public long rows() {
        return footer.meta().getNum_rows();
    }

    /** How many row groups the file has. */
    public int rowGroups() {
        return footer.meta().getRow_groups().size();
    }

    /** The names of the top-level columns. */
    public List<String> columns() {
        return footer.columns().stream().map(FileColumn::name).toList();
    }

    /** The key-value metadata of the file; a key without a value has an empty one. */
    public Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        List<KeyValue> entries = footer.meta().getKey_value_metadata();
        for (KeyValue entry : entries == null ? List.<KeyValue>of() : entries) {
            metadata.put(entry.getKey(), entry.isSetValue() ? entry.getValue() : "");
        }
        return metadata;
    }

    /** Which program wrote the file; empty if it does not say. */
    public String createdBy() {
        return footer.meta().isSetCreated_by() ? footer.meta().getCreated_by() : "";
    }

    /**
     * From the first row's time to just behind the last one's by the statistics of that column; empty when there are no
     * rows or no such statistics.
     */
    public Optional<TimeRange> span(String timeColumn) {
        Optional<FileColumn> column = footer.column(timeColumn);
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (RowGroup group : footer.meta().getRow_groups()) {
            Optional<TimeBounds> bounds = column.filter(found -> found.shape() != FileColumn.Shape.NESTED)
                    .flatMap(found -> Optional.ofNullable(
                                    group.getColumns().get(found.leaf()).getMeta_data())
                            .flatMap(meta -> TimeBounds.of(found, meta)));
            if (bounds.isEmpty()) {
                return Optional.empty();
            }
            least = Math.min(least, bounds.get().least());
            greatest = Math.max(greatest, bounds.get().greatest());
        }
        return least > greatest ? Optional.empty() : Optional.of(TimeRange.ofEpochMicros(least, greatest + 1));
    }

    /**
     * The rows of the range as batches of at most 32,768 rows in time order, read as they are asked for. Several iterators
     * over one reader may be used in turns, not at once; none after {@link #close}.
     */
    public Iterator<Batch> read(Series series, TimeRange range) {
        return fields(series, range, series.schema().fields());
    }

    /**
     * As {@link #read(Series, TimeRange)}, with these columns and the time column only; the others need not be in the file.
     *
     * @throws IllegalArgumentException when the series has no such column
     */
    public Iterator<Batch> read(Series series, TimeRange range, Collection<String> columns) {
        return fields(series, range, series.schema().select(columns));
    }

    private Iterator<Batch> fields(Series series, TimeRange range, List<Field> fields) {
        return new FileBatches(source, name, footer, codecs, series, fields, range);
    }

    /** Frees the file. */
    @Override
    public void close() {
        codecs.close();
        try {
            source.close();
        } catch (IOException failed) {
            throw new UncheckedIOException("Could not close " + name, failed);
        }
    }
}
