package dev.candlewick.sink.parquet.file;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the cells of one column chunk into compressed pages.
 *
 * <p>Pages are of version 1, which every reader takes. Integers may be DELTA_BINARY_PACKED in them: Spark since 3.3 looks
 * at the encoding and not the page's version, and DuckDB writes just that combination as its "V2".
 */
final class ChunkWriter implements AutoCloseable {

    // Candidates are tried on this many values; half of a page tells enough and costs little.
    private static final int SAMPLE = 4_096;

    private static final int MOST_SAMPLED = 1 << 16;

    // Bit-packed differences are mostly noise, of which compression takes a few percent off: not worth a quarter of the
    // time that their column takes to write and half of the time to read.
    private static final double WORTH_COMPRESSING = 0.9;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final DeltaEncoder delta = new DeltaEncoder();
    private final CRC32 crc = new CRC32();
    private final ByteBuilder page = new ByteBuilder(1 << 16);
    private byte[] compressed = new byte[1 << 16];

    ChunkWriter(int zstdLevel) {
        zstd.setLevel(zstdLevel);
        // Pages carry their own checksum.
        zstd.setChecksum(false);
    }

    /** The chunk's pages, and where they lie. */
    WrittenChunk write(Cells cells, int rows, int rowsPerPage) {
        int values = cells.valuesIn(0, rows);
        Codes codes = values == 0 ? null : cells.dictionary(values);
        Form form = choose(cells, codes, values);
        Encoding encoding = form.encoding;
        WrittenChunk chunk = new WrittenChunk(encoding, form.codec, rows, rows - values, (int) form.size);
        ByteBuilder out = chunk.bytes;
        if (encoding == Encoding.RLE_DICTIONARY && codes != null) {
            chunk.uncompressed += dictionaryPage(codes, form.codec, out);
            chunk.hasDictionary = true;
        }
        int value = 0;
        for (int row = 0; row < rows; row += rowsPerPage) {
            int end = Math.min(rows, row + rowsPerPage);
            int valueEnd = value + cells.valuesIn(row, end);
            page.clear();
            definitionLevels(cells, row, end);
            values(encoding, cells, codes, value, valueEnd);
            int start = out.size();
            PageHeader header = new PageHeader(PageType.DATA_PAGE, page.size(), 0);
            header.setData_page_header(new DataPageHeader(end - row, encoding, Encoding.RLE, Encoding.RLE));
            chunk.uncompressed += finish(header, form.codec, out);
            Bounds bounds = valueEnd == value ? null : cells.bounds(value, valueEnd);
            chunk.pages.add(new WrittenPage(start, out.size() - start, row, end - row - (valueEnd - value), bounds));
            value = valueEnd;
        }
        return chunk;
    }

    /** The form whose sample is smallest; plain unless another saves a twentieth. */
    private Form choose(Cells cells, @Nullable Codes codes, int values) {
        int sample = Math.min(SAMPLE, values);
        long[] integers = cells.integers();
        if (sample == 0 || (codes == null && integers == null && !cells.sharesPrefixes())) {
            return new Form(Encoding.PLAIN, CompressionCodec.ZSTD, 0);
        }
        double pieces = (double) values / sample;
        Form best = sampled(Encoding.PLAIN, cells, codes, sample).grown(pieces * 0.95);
        if (integers != null) {
            best = best.or(
                    sampled(Encoding.DELTA_BINARY_PACKED, cells, codes, sample).grown(pieces));
        }
        if (cells.sharesPrefixes()) {
            best = best.or(
                    sampled(Encoding.DELTA_BYTE_ARRAY, cells, codes, sample).grown(pieces));
        }
        if (codes != null) {
            Form coded = sampled(Encoding.RLE_DICTIONARY, cells, codes, sample).grown(pieces);
            best = best.or(new Form(coded.encoding, CompressionCodec.ZSTD, coded.size + sampled(codes.entries())));
        }
        return best;
    }

    private Form sampled(Encoding encoding, Cells cells, @Nullable Codes codes, int sample) {
        page.clear();
        values(encoding, cells, codes, 0, sample);
        int size = compress(page.array(), page.size());
        return size < page.size() * WORTH_COMPRESSING
                ? new Form(encoding, CompressionCodec.ZSTD, size)
                : new Form(encoding, CompressionCodec.UNCOMPRESSED, page.size());
    }

    /** About how many bytes the entries take: those of a book's amounts are long to compress, and it is done again later. */
    private double sampled(ByteBuilder entries) {
        int sample = Math.min(entries.size(), MOST_SAMPLED);
        return sample == 0 ? 0 : compress(entries.array(), sample) * ((double) entries.size() / sample);
    }

    private void values(Encoding encoding, Cells cells, @Nullable Codes codes, int from, int to) {
        long[] integers = cells.integers();
        if (encoding == Encoding.RLE_DICTIONARY && codes != null) {
            int bitWidth = HybridEncoder.bitWidth(codes.size());
            page.write(bitWidth);
            HybridEncoder.encode(codes.codes(), from, to, bitWidth, page);
        } else if (encoding == Encoding.DELTA_BINARY_PACKED && integers != null) {
            delta.encode(integers, from, to, page);
        } else if (encoding == Encoding.DELTA_BYTE_ARRAY) {
            cells.differing(from, to, page);
        } else {
            cells.plain(from, to, page);
        }
    }

    private void definitionLevels(Cells cells, int from, int to) {
        if (cells.nullable()) {
            page.int32(0);
            cells.definitionLevels(from, to, page);
            page.int32At(0, page.size() - 4);
        }
    }

    private int dictionaryPage(Codes codes, CompressionCodec codec, ByteBuilder out) {
        page.clear();
        page.write(codes.entries().array(), 0, codes.entries().size());
        PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, page.size(), 0);
        header.setDictionary_page_header(new DictionaryPageHeader(codes.size(), Encoding.PLAIN));
        return finish(header, codec, out);
    }

    /** Appends the page, compressed if so; gives its length before compression, header included. */
    private int finish(PageHeader header, CompressionCodec codec, ByteBuilder out) {
        boolean stored = codec == CompressionCodec.UNCOMPRESSED;
        int size = stored ? page.size() : compress(page.array(), page.size());
        byte[] bytes = stored ? page.array() : compressed;
        crc.reset();
        crc.update(bytes, 0, size);
        header.setCompressed_page_size(size);
        header.setCrc((int) crc.getValue());
        int start = out.size();
        try {
            Util.writePageHeader(header, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        int headerSize = out.size() - start;
        out.write(bytes, 0, size);
        return headerSize + page.size();
    }

    private int compress(byte[] bytes, int size) {
        int bound = Math.toIntExact(Zstd.compressBound(size));
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        return zstd.compressByteArray(compressed, 0, compressed.length, bytes, 0, size);
    }

    @Override
    public void close() {
        zstd.close();
    }

    /** How a chunk can be held, and about how many bytes that takes. */
    private record Form(Encoding encoding, CompressionCodec codec, double size) {

        Form grown(double times) {
            return new Form(encoding, codec, size * times);
        }

        Form or(Form other) {
            return other.size < size ? other : this;
        }
    }

    /** One column chunk as written; places count from the start of its bytes. */
    static final class WrittenChunk {
        final Encoding encoding;
        final CompressionCodec codec;
        final int rows;
        final int nulls;
        final ByteBuilder bytes;
        final List<WrittenPage> pages = new ArrayList<>();
        long uncompressed;
        boolean hasDictionary;

        WrittenChunk(Encoding encoding, CompressionCodec codec, int rows, int nulls, int expectedSize) {
            this.encoding = encoding;
            this.codec = codec;
            this.rows = rows;
            this.nulls = nulls;
            this.bytes = new ByteBuilder(expectedSize + expectedSize / 8);
        }
    }

    /** One data page as written. */
    record WrittenPage(
            int start,
            int size,
            int firstRow,
            int nulls,
            @Nullable Bounds bounds) {}
}
