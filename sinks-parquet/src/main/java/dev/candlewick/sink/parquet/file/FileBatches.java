package dev.candlewick.sink.parquet.file;

import dev.candlewick.Batch;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/** The rows of a range, row group by row group, leaving out those whose statistics rule them out. */
final class FileBatches implements Iterator<Batch> {

    // Less than what a request to a storage far away costs in time, and than what a disk reads ahead anyway.
    private static final long SMALL_ROW_GROUP = 1 << 18;

    private final ByteSource source;
    private final String file;
    private final Footer footer;
    private final Codecs codecs;
    private final Series series;
    private final long start;
    private final long end;
    private final List<FileColumn> columns = new ArrayList<>();
    private final List<ColumnMapping.Opener> openers = new ArrayList<>();
    private final int timeAt;
    private final FileColumn time;

    private int nextGroup;
    private long lastTime = Long.MIN_VALUE;
    private @Nullable RowGroupReader group;
    private Optional<Batch> ahead = Optional.empty();

    FileBatches(
            ByteSource source,
            String file,
            Footer footer,
            Codecs codecs,
            Series series,
            List<Field> fields,
            TimeRange range) {
        this.source = source;
        this.file = file;
        this.footer = footer;
        this.codecs = codecs;
        this.series = series;
        this.start = range.startMicros();
        this.end = range.endMicros();
        List<String> missing = fields.stream()
                .map(Field::name)
                .filter(name -> footer.column(name).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            throw new Refused("Parquet file " + file + " has no column " + missing + " of " + series + "; it has "
                    + footer.columns().stream().map(FileColumn::name).toList());
        }
        for (Field field : fields) {
            FileColumn column = footer.column(field.name()).orElseThrow();
            columns.add(column);
            openers.add(ColumnMapping.of(file, column, field));
        }
        this.timeAt = fields.indexOf(series.schema().field(series.schema().time()));
        this.time = columns.get(timeAt);
        announce();
    }

    // All row groups that are read from page to page, at once; of the others it is not known yet which pages are
    // needed.
    private void announce() {
        List<ByteRange> ranges = new ArrayList<>();
        for (RowGroup rowGroup : footer.meta().getRow_groups()) {
            if (mayOverlap(rowGroup) && isReadWhole(rowGroup)) {
                for (FileColumn column : columns) {
                    ColumnMetaData meta =
                            rowGroup.getColumns().get(column.leaf()).getMeta_data();
                    if (meta != null) {
                        long from = PageReader.start(meta);
                        add(ranges, from, from + meta.getTotal_compressed_size());
                    }
                }
            }
        }
        ranges.sort(Comparator.comparingLong(ByteRange::from));
        source.announce(ranges);
    }

    private void announce(RowGroup rowGroup, int ordinal, RowGroupIndex index, long firstRow, long lastRow) {
        List<ByteRange> ranges = new ArrayList<>();
        for (FileColumn column : columns) {
            List<PageLocation> pages = index.locations(column);
            PageLocation first = pages.get(PageSelection.pageOf(pages, firstRow));
            PageLocation last = pages.get(PageSelection.pageOf(pages, lastRow - 1));
            long chunk = PageReader.start(meta(rowGroup, column, ordinal));
            long dictionary = pages.get(0).getOffset();
            add(ranges, chunk, dictionary);
            add(ranges, first.getOffset(), last.getOffset() + last.getCompressed_page_size());
        }
        ranges.sort(Comparator.comparingLong(ByteRange::from));
        source.announce(ranges);
    }

    // What is no range of the file is noticed when it is read.
    private void add(List<ByteRange> ranges, long from, long to) {
        if (from >= 0 && from < to && to <= source.length()) {
            ranges.add(new ByteRange(from, to));
        }
    }

    private boolean mayOverlap(RowGroup rowGroup) {
        return rowGroup.getNum_rows() > 0
                && bounds(rowGroup).map(known -> known.mayOverlap(start, end)).orElse(true);
    }

    // The indexes of a row group that is wanted whole, or of one that is small, would only cost reads.
    private boolean isReadWhole(RowGroup rowGroup) {
        return sizeOf(rowGroup) <= SMALL_ROW_GROUP
                || bounds(rowGroup)
                        .map(known -> known.least() >= start && known.greatest() < end)
                        .orElse(false);
    }

    private Optional<TimeBounds> bounds(RowGroup rowGroup) {
        ColumnMetaData meta = rowGroup.getColumns().get(time.leaf()).getMeta_data();
        return meta == null ? Optional.empty() : TimeBounds.of(time, meta);
    }

    private static long sizeOf(RowGroup rowGroup) {
        return rowGroup.getColumns().stream()
                .mapToLong(chunk ->
                        chunk.getMeta_data() == null ? 0 : chunk.getMeta_data().getTotal_compressed_size())
                .sum();
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty()) {
            if (group == null) {
                if (nextGroup == footer.meta().getRow_groups().size()) {
                    return false;
                }
                group = open(nextGroup++);
            } else {
                ahead = group.next();
                lastTime = group.lastTime();
                group = ahead.isPresent() ? group : null;
            }
        }
        return true;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows in " + file);
        }
        Batch next = ahead.orElseThrow();
        ahead = Optional.empty();
        return next;
    }

    private @Nullable RowGroupReader open(int ordinal) {
        RowGroup rowGroup = footer.meta().getRow_groups().get(ordinal);
        long rows = rowGroup.getNum_rows();
        meta(rowGroup, time, ordinal);
        if (!mayOverlap(rowGroup)) {
            return null;
        }
        RowGroupIndex index = new RowGroupIndex(source, file, rowGroup, ordinal);
        boolean indexed = !isReadWhole(rowGroup) && index.covers(columns, time);
        long firstRow = 0;
        long lastRow = rows;
        if (indexed) {
            index.fetch(columns, time);
            Optional<long[]> window = index.rows(time, start, end);
            if (window.isEmpty()) {
                return null;
            }
            firstRow = window.get()[0];
            lastRow = window.get()[1];
            announce(rowGroup, ordinal, index, firstRow, lastRow);
        }
        source.pass(columns.stream()
                .mapToLong(column -> PageReader.start(meta(rowGroup, column, ordinal)))
                .min()
                .orElse(0));
        List<ColumnReader> readers = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            FileColumn column = columns.get(i);
            List<PageLocation> locations = indexed ? index.locations(column) : List.of();
            PageReader pages = new PageReader(
                    source,
                    codecs,
                    new Place(file, column.name(), ordinal),
                    meta(rowGroup, column, ordinal),
                    column.shape() == FileColumn.Shape.OPTIONAL,
                    rows,
                    locations,
                    firstRow);
            readers.add(openers.get(i).open(pages, lastRow));
        }
        return new RowGroupReader(
                series,
                readers,
                timeAt,
                new Place(file, time.name(), ordinal),
                start,
                end,
                firstRow,
                lastRow,
                lastTime);
    }

    private ColumnMetaData meta(RowGroup rowGroup, FileColumn column, int ordinal) {
        ColumnChunk chunk = rowGroup.getColumns().get(column.leaf());
        Place place = new Place(file, column.name(), ordinal);
        if (chunk.isSetFile_path() || chunk.isSetCrypto_metadata()) {
            throw new Refused("Column '" + column.name() + "' of Parquet file " + file
                    + " is encrypted or lies in another file, which cannot be read here");
        }
        ColumnMetaData meta = chunk.getMeta_data();
        if (meta == null
                || meta.getCodec() == null
                || meta.getType() != column.element().getType()
                || !List.of(column.name()).equals(meta.getPath_in_schema())) {
            throw place.corrupt("the footer describes another column");
        }
        if (meta.getNum_values() != rowGroup.getNum_rows()) {
            throw place.corrupt(
                    "it claims " + meta.getNum_values() + " values for " + rowGroup.getNum_rows() + " rows");
        }
        if (!Codecs.reads(meta.getCodec())) {
            throw new Refused("Column '" + column.name() + "' of Parquet file " + file + " is compressed with "
                    + meta.getCodec() + "; readable are zstd, snappy, gzip, lz4_raw and none");
        }
        return meta;
    }
}
