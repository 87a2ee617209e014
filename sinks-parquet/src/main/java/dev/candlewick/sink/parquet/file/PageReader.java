package dev.candlewick.sink.parquet.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * Walks the pages of one column chunk: all of them, or those that the offset index names. Sizes are checked against the
 * chunk before anything is allocated, checksums before anything is decoded.
 */
final class PageReader {

    // No writer makes larger pages on purpose: DuckDB's stop at 100 MB.
    private static final int LARGEST_PAGE = 256 << 20;
    private static final int FIRST_HEADER_TRY = 1 << 10;
    private static final int LARGEST_HEADER = 4 << 20;
    private static final int SLACK = 16;

    private final ChunkInput input;
    private final Codecs codecs;
    private final Place place;
    private final ColumnMetaData meta;
    private final boolean optional;
    private final long start;
    private final long end;
    private final long rows;
    private final List<PageLocation> locations;
    private final int firstLocation;

    private byte[] page = new byte[0];
    private long at;
    private int number = -1;
    private long rowsBefore;
    private @Nullable PageHeader header;

    /**
     * Over the chunk of {@code rows} rows.
     *
     * @param locations the offset index, or nothing to walk from page to page
     * @param firstRow the row that the first page asked for must contain; only with an offset index
     */
    PageReader(
            ByteSource source,
            Codecs codecs,
            Place place,
            ColumnMetaData meta,
            boolean optional,
            long rows,
            List<PageLocation> locations,
            long firstRow) {
        this.input = new ChunkInput(source, place);
        this.codecs = codecs;
        this.place = place;
        this.meta = meta;
        this.optional = optional;
        this.rows = rows;
        this.locations = locations;
        this.start = start(meta);
        this.end = start + meta.getTotal_compressed_size();
        if (start < 4 || meta.getTotal_compressed_size() < 0 || end > source.length()) {
            throw place.corrupt("its bytes " + start + " to " + end + " lie outside of the file");
        }
        this.at = start;
        this.firstLocation = PageSelection.pageOf(locations, firstRow);
    }

    /** Where the chunk's first page lies, as the footer says. */
    static long start(ColumnMetaData meta) {
        long dictionary = meta.isSetDictionary_page_offset() ? meta.getDictionary_page_offset() : 0;
        long data = meta.getData_page_offset();
        return dictionary > 0 && dictionary < data ? dictionary : data;
    }

    Place place() {
        return place;
    }

    /** The page that is being read, counted from 0 among the data pages. */
    int number() {
        return Math.max(0, number);
    }

    /** The dictionary, if the chunk has one; asked once, before the first data page. */
    @Nullable
    DataPage dictionary(long limit) {
        long firstPage = locations.isEmpty() ? Long.MAX_VALUE : locations.get(0).getOffset();
        if (end == start || firstPage == start) {
            return null;
        }
        // Up to the first page, which may be far from the pages that are wanted.
        PageHeader first = header(Math.min(limit, firstPage));
        DictionaryPageHeader dictionary = first.getDictionary_page_header();
        if (first.getType() != PageType.DICTIONARY_PAGE) {
            at = start;
            return null;
        }
        if (dictionary == null || dictionary.getNum_values() < 0) {
            throw new BadBytes("its dictionary has no header");
        }
        Encoding encoding = dictionary.getEncoding();
        if (encoding != Encoding.PLAIN && encoding != Encoding.PLAIN_DICTIONARY) {
            throw new BadBytes("its dictionary is encoded as " + encoding);
        }
        int size = first.getUncompressed_page_size();
        byte[] bytes = new byte[checkedSize(first) + SLACK];
        decompress(first, 0, bytes, 0, size, codec(true));
        at += first.getCompressed_page_size();
        return new DataPage(bytes, 0, 0, size, Encoding.PLAIN, Encoding.RLE, dictionary.getNum_values());
    }

    /** How far the reader of the first {@code lastRow} rows has to read. */
    long limit(long lastRow) {
        if (locations.isEmpty()) {
            return end;
        }
        PageLocation last = locations.get(PageSelection.pageOf(locations, Math.max(0, lastRow - 1)));
        return Math.max(start, Math.min(end, last.getOffset() + last.getCompressed_page_size()));
    }

    /** Row of the chunk at which the first page to come starts. */
    long firstRow() {
        return locations.isEmpty() ? 0 : locations.get(firstLocation).getFirst_row_index();
    }

    /** Steps to the next data page and says how many rows it has. */
    int next(long limit) {
        do {
            number++;
            if (!locations.isEmpty()) {
                if (number == 0) {
                    number = firstLocation;
                    rowsBefore = firstRow();
                }
                if (number >= locations.size()) {
                    throw new BadBytes("there is no such page, but rows are missing");
                }
                at = locations.get(number).getOffset();
                if (at < start || at >= end) {
                    throw new BadBytes("the offset index points outside of the column chunk");
                }
            }
            header = header(limit);
            if (header.getType() == PageType.INDEX_PAGE && locations.isEmpty()) {
                at += header.getCompressed_page_size();
                number--;
                header = null;
            }
        } while (header == null);
        int count = rowsOf(header);
        if (count < 0 || count > rows - rowsBefore) {
            throw new BadBytes("it claims " + count + " rows where " + (rows - rowsBefore) + " are left");
        }
        if (!locations.isEmpty()) {
            long nextRow =
                    number + 1 < locations.size() ? locations.get(number + 1).getFirst_row_index() : rows;
            if (rowsBefore + count != nextRow) {
                throw new BadBytes("it has " + count + " rows and the offset index " + (nextRow - rowsBefore));
            }
        }
        rowsBefore += count;
        return count;
    }

    /** Passes over the page without reading its values. */
    void skip() {
        at += current().getCompressed_page_size();
    }

    /** Checks and decompresses the page. */
    DataPage load() {
        PageHeader current = current();
        int size = checkedSize(current);
        if (page.length < size + SLACK) {
            page = new byte[size + SLACK];
        }
        DataPage loaded = current.getType() == PageType.DATA_PAGE ? version1(current, size) : version2(current, size);
        at += current.getCompressed_page_size();
        return loaded;
    }

    private DataPage version1(PageHeader current, int size) {
        DataPageHeader data = current.getData_page_header();
        decompress(current, 0, page, 0, size, codec(true));
        int values = 0;
        int levels = 0;
        if (optional && data.getDefinition_level_encoding() == Encoding.BIT_PACKED) {
            values = (data.getNum_values() + 7) >>> 3;
        } else if (optional) {
            int length = size < 4 ? -1 : (int) ByteBuilder.INT_LITTLE.get(page, 0);
            if (length < 0 || length > size - 4) {
                throw new BadBytes("its definition levels are longer than the page");
            }
            levels = 4;
            values = 4 + length;
        }
        if (values > size) {
            throw new BadBytes("its definition levels are longer than the page");
        }
        return new DataPage(
                page,
                levels,
                values,
                size,
                data.getEncoding(),
                data.getDefinition_level_encoding(),
                data.getNum_values());
    }

    private DataPage version2(PageHeader current, int size) {
        DataPageHeaderV2 data = current.getData_page_header_v2();
        int levels = data.getDefinition_levels_byte_length();
        if (levels < 0
                || data.getRepetition_levels_byte_length() != 0
                || levels > size
                || levels > current.getCompressed_page_size()) {
            throw new BadBytes("its levels are longer than the page");
        }
        boolean compressed = !data.isSetIs_compressed() || data.isIs_compressed();
        decompress(current, levels, page, levels, size - levels, codec(compressed));
        System.arraycopy(input.window(), input.at(at), page, 0, levels);
        return new DataPage(page, 0, levels, size, data.getEncoding(), Encoding.RLE, data.getNum_values());
    }

    private CompressionCodec codec(boolean compressed) {
        return compressed ? meta.getCodec() : CompressionCodec.UNCOMPRESSED;
    }

    private void decompress(
            PageHeader current, int skipped, byte[] target, int targetAt, int size, CompressionCodec codec) {
        int stored = current.getCompressed_page_size();
        input.ensure(at, stored, Math.max(at + stored, Math.min(end, at + stored)));
        byte[] window = input.window();
        int windowAt = input.at(at);
        if (current.isSetCrc()) {
            CRC32 crc = new CRC32();
            crc.update(window, windowAt, stored);
            if ((int) crc.getValue() != current.getCrc()) {
                throw new BadBytes("its checksum does not match its bytes");
            }
        }
        // An empty page of a column without values may be left out altogether.
        if (size == 0 && stored - skipped == 0) {
            return;
        }
        codecs.decompress(codec, window, windowAt + skipped, stored - skipped, target, targetAt, size);
    }

    private int checkedSize(PageHeader current) {
        int size = current.getUncompressed_page_size();
        if (size < 0
                || size > LARGEST_PAGE
                || !Codecs.plausible(meta.getCodec(), current.getCompressed_page_size(), size)) {
            throw new BadBytes(
                    "it claims " + size + " bytes of which " + current.getCompressed_page_size() + " are stored");
        }
        return size;
    }

    private int rowsOf(PageHeader current) {
        DataPageHeader first = current.getData_page_header();
        DataPageHeaderV2 second = current.getData_page_header_v2();
        if (current.getType() == PageType.DATA_PAGE && first != null && first.getEncoding() != null) {
            return first.getNum_values();
        }
        if (current.getType() == PageType.DATA_PAGE_V2 && second != null && second.getEncoding() != null) {
            return second.getNum_values();
        }
        throw new BadBytes("a data page should be here, not " + current.getType());
    }

    private PageHeader current() {
        PageHeader current = header;
        if (current == null) {
            throw new IllegalStateException("No page");
        }
        return current;
    }

    /** Reads the header at the current place and moves behind it. */
    private PageHeader header(long limit) {
        for (int attempt = FIRST_HEADER_TRY; ; attempt *= 16) {
            int available = (int) Math.min(attempt, end - at);
            if (available <= 0) {
                throw new BadBytes("the column chunk ends before its rows do");
            }
            input.ensure(at, available, Math.max(limit, at + available));
            ByteArrayInputStream in = new ByteArrayInputStream(input.window(), input.at(at), available);
            try {
                PageHeader parsed = Util.readPageHeader(in);
                at += available - in.available();
                int stored = parsed.getCompressed_page_size();
                if (stored < 0 || stored > end - at) {
                    throw new BadBytes("it claims " + stored + " bytes where the column chunk has " + (end - at));
                }
                return parsed;
            } catch (IOException | RuntimeException | StackOverflowError unreadable) {
                if (unreadable instanceof BadBytes bad) {
                    throw bad;
                }
                if (attempt >= LARGEST_HEADER || available < attempt) {
                    throw new BadBytes("its header cannot be read (" + unreadable.getMessage() + ")");
                }
            }
        }
    }
}
