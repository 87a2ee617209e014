package dev.candlewick.csv;

import org.jspecify.annotations.Nullable;

/** A file of which its first bytes tell whether it is gzip. */
final class FileBlocks implements ByteBlocks {

    private final RawInput in;
    private final CsvInflate inflate;
    private volatile @Nullable ByteBlocks blocks;
    private volatile boolean closed;

    FileBlocks(RawInput in, CsvInflate inflate) {
        this.in = in;
        this.inflate = inflate;
    }

    @Override
    public @Nullable ByteBlock next() {
        ByteBlocks known = blocks;
        if (known == null) {
            known = told();
            blocks = known;
            if (closed) {
                known.close();
            }
        }
        return known.next();
    }

    private ByteBlocks told() {
        BlockRing ring = new BlockRing(AheadBlocks.BLOCKS);
        if (!GzipBlocks.isGzip(in)) {
            return new PlainBlocks(in, ring);
        }
        return new GzipBlocks(in, ring, inflate == CsvInflate.OWN ? new OwnDeflated() : new JdkDeflated());
    }

    @Override
    public void close() {
        closed = true;
        in.close();
        ByteBlocks known = blocks;
        if (known != null) {
            known.close();
        }
    }
}
