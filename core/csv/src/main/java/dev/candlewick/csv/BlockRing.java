package dev.candlewick.csv;

/** A few blocks that are filled in turn, each after the one before it. For one thread. */
final class BlockRing {

    private final ByteBlock[] blocks;
    private int filled;

    BlockRing(int size) {
        blocks = new ByteBlock[size];
    }

    /** The block whose turn it is, empty, with the end of the one before it as its history. */
    ByteBlock next() {
        int turn = filled % blocks.length;
        ByteBlock block = blocks[turn];
        if (block == null) {
            block = new ByteBlock();
            blocks[turn] = block;
        }
        if (filled == 0) {
            block.first();
        } else {
            block.follow(blocks[(filled - 1) % blocks.length]);
        }
        filled = filled + 1 < 2 * blocks.length ? filled + 1 : blocks.length;
        return block;
    }
}
