package dev.candlewick.csv;

import org.jspecify.annotations.Nullable;

/** A file that is not compressed. */
final class PlainBlocks implements ByteBlocks {

    private final RawInput in;
    private final BlockRing ring;

    PlainBlocks(RawInput in, BlockRing ring) {
        this.in = in;
        this.ring = ring;
    }

    @Override
    public @Nullable ByteBlock next() {
        ByteBlock block = ring.next();
        while (block.to < block.limit()) {
            int count = in.take(block.bytes, block.to, block.limit() - block.to);
            if (count < 0) {
                break;
            }
            block.to += count;
        }
        return block.to == block.from ? null : block;
    }

    @Override
    public void close() {
        in.close();
    }
}
