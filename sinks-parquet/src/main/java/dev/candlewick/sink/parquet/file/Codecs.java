package dev.candlewick.sink.parquet.file;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;

/** Decompresses pages; every codec must give exactly the length that the page's header claims. Safe for many threads. */
final class Codecs implements AutoCloseable {

    // As many as threads ever decompressed at once.
    private final Queue<ZstdDecompressCtx> idle = new ConcurrentLinkedQueue<>();

    static boolean reads(CompressionCodec codec) {
        return switch (codec) {
            case UNCOMPRESSED, ZSTD, SNAPPY, GZIP, LZ4_RAW -> true;
            default -> false;
        };
    }

    /** Whether so few bytes can become so many: keeps a lying header from asking for the heap. */
    static boolean plausible(CompressionCodec codec, int compressed, int size) {
        long ratio = switch (codec) {
            case SNAPPY -> 64;
            case LZ4_RAW -> 256;
            case GZIP -> 1_100;
            // A block of at most 128 KiB takes at least four bytes.
            default -> 1 << 16;
        };
        return size <= 64 + ratio * compressed;
    }

    void decompress(CompressionCodec codec, byte[] from, int at, int count, byte[] to, int toAt, int size) {
        int length;
        try {
            length = switch (codec) {
                case UNCOMPRESSED -> copy(from, at, count, to, toAt, size);
                case ZSTD -> zstd(from, at, count, to, toAt, size);
                case SNAPPY -> snappy(from, at, count, to, toAt, size);
                case GZIP -> gzip(from, at, count, to, toAt, size);
                default -> Lz4.decompress(from, at, count, to, toAt, size);
            };
        } catch (IOException | ZstdException | MalformedInputException unreadable) {
            throw new BadBytes("its " + codec + " data cannot be decompressed (" + unreadable.getMessage() + ")");
        }
        if (length != size) {
            throw new BadBytes("it decompresses to " + length + " bytes instead of " + size);
        }
    }

    private static int copy(byte[] from, int at, int count, byte[] to, int toAt, int size) {
        if (count == size) {
            System.arraycopy(from, at, to, toAt, count);
        }
        return count;
    }

    private int zstd(byte[] from, int at, int count, byte[] to, int toAt, int size) {
        long declared = Zstd.getFrameContentSize(from, at, count, false);
        if (declared > size) {
            return (int) Math.min(declared, Integer.MAX_VALUE);
        }
        ZstdDecompressCtx known = idle.poll();
        ZstdDecompressCtx zstd = known == null ? new ZstdDecompressCtx() : known;
        try {
            return zstd.decompressByteArray(to, toAt, size, from, at, count);
        } finally {
            idle.add(zstd);
        }
    }

    private static int snappy(byte[] from, int at, int count, byte[] to, int toAt, int size) throws IOException {
        int declared = Snappy.uncompressedLength(from, at, count);
        return declared == size ? Snappy.uncompress(from, at, count, to, toAt) : declared;
    }

    private static int gzip(byte[] from, int at, int count, byte[] to, int toAt, int size) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(from, at, count), 1 << 13)) {
            int read = in.readNBytes(to, toAt, size);
            return read == size && in.read() >= 0 ? size + 1 : read;
        }
    }

    @Override
    public void close() {
        for (ZstdDecompressCtx zstd = idle.poll(); zstd != null; zstd = idle.poll()) {
            zstd.close();
        }
    }

    /** Apart, so that aircompressor loads only for files that need it. */
    private static final class Lz4 {
        private static final Lz4Decompressor DECOMPRESSOR = new Lz4Decompressor();

        static int decompress(byte[] from, int at, int count, byte[] to, int toAt, int size) {
            return DECOMPRESSOR.decompress(from, at, count, to, toAt, size);
        }
    }
}
