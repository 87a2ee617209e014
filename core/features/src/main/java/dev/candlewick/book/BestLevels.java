package dev.candlewick.book;

import dev.candlewick.DecimalColumnBuilder;

/** The best levels as they were last shown, so that a change to the same is told from one that is none. */
final class BestLevels {

    private static final int WORDS = 4;

    private final int levels;
    private final long[] bids;
    private final long[] asks;
    // How many levels there were; -1 when nothing was shown yet.
    private int bidCount = -1;
    private int askCount = -1;

    BestLevels(int levels) {
        this.levels = levels;
        this.bids = new long[WORDS * levels];
        this.asks = new long[WORDS * levels];
    }

    /** Takes the book's best levels over; says whether they are others than before. */
    boolean update(OrderBook book) {
        Levels bidSide = book.side(Side.BID);
        Levels askSide = book.side(Side.ASK);
        boolean bidsChanged = update(bidSide, bids, bidCount);
        boolean asksChanged = update(askSide, asks, askCount);
        bidCount = Math.min(levels, bidSide.size());
        askCount = Math.min(levels, askSide.size());
        return bidsChanged || asksChanged;
    }

    void forget() {
        bidCount = -1;
        askCount = -1;
    }

    int size(Side side) {
        return side == Side.BID ? bidCount : askCount;
    }

    void price(Side side, int level, DecimalColumnBuilder into) {
        long[] words = side == Side.BID ? bids : asks;
        into.appendUnscaled(words[WORDS * level], words[WORDS * level + 1]);
    }

    void amount(Side side, int level, DecimalColumnBuilder into) {
        long[] words = side == Side.BID ? bids : asks;
        into.appendUnscaled(words[WORDS * level + 2], words[WORDS * level + 3]);
    }

    private boolean update(Levels side, long[] words, int countBefore) {
        int count = Math.min(levels, side.size());
        long differences = count ^ countBefore;
        for (int level = 0; level < count; level++) {
            int at = WORDS * level;
            differences |= swap(words, at, side.priceHigh(level));
            differences |= swap(words, at + 1, side.price(level));
            differences |= swap(words, at + 2, side.amountHigh(level));
            differences |= swap(words, at + 3, side.amount(level));
        }
        return differences != 0;
    }

    private static long swap(long[] words, int at, long value) {
        long difference = words[at] ^ value;
        words[at] = value;
        return difference;
    }
}
