package dev.candlewick.feature;

import dev.candlewick.spi.ExactSum;

/**
 * The best levels of a book, the first at 0. Prices and amounts are unscaled integers of 128 bits with twelve places; a
 * level may be empty on either side.
 */
final class BookTick extends Tick {

    private static final int ASK_PRICE = 0;
    private static final int ASK_AMOUNT = 1;
    private static final int BID_PRICE = 2;
    private static final int BID_AMOUNT = 3;

    final int levels;

    /** The cells of all levels: ask price, ask amount, bid price, bid amount of the first, then of the second. */
    final long[] high;

    final long[] low;

    /** A bit for each level whose asks are there. */
    int asks;

    /** A bit for each level whose bids are there. */
    int bids;

    /** Whether the book is lost instead of changed. */
    boolean lost;

    BookTick(int levels) {
        this.levels = levels;
        this.high = new long[4 * levels];
        this.low = new long[4 * levels];
    }

    void copy(BookTick other) {
        timestamp = other.timestamp;
        arrival = other.arrival;
        asks = other.asks;
        bids = other.bids;
        lost = other.lost;
        System.arraycopy(other.high, 0, high, 0, high.length);
        System.arraycopy(other.low, 0, low, 0, low.length);
    }

    boolean hasAsk(int level) {
        return level < levels && (asks & (1 << level)) != 0;
    }

    boolean hasBid(int level) {
        return level < levels && (bids & (1 << level)) != 0;
    }

    boolean hasBoth(int level) {
        return hasAsk(level) && hasBid(level);
    }

    double askPrice(int level) {
        return value(4 * level + ASK_PRICE);
    }

    double askAmount(int level) {
        return value(4 * level + ASK_AMOUNT);
    }

    double bidPrice(int level) {
        return value(4 * level + BID_PRICE);
    }

    double bidAmount(int level) {
        return value(4 * level + BID_AMOUNT);
    }

    /** Best ask plus best bid: twice the middle. */
    double twiceMid() {
        return sum(ASK_PRICE, BID_PRICE);
    }

    double mid() {
        return twiceMid() / 2;
    }

    double spread() {
        long less = low[ASK_PRICE] - low[BID_PRICE];
        return isNarrow(ASK_PRICE) && isNarrow(BID_PRICE) && !overflows(low[ASK_PRICE], low[BID_PRICE], less)
                ? ExactSum.doubleValue(less, TradeTick.PLACES)
                : ExactSum.integer(high[ASK_PRICE], low[ASK_PRICE])
                                .subtract(ExactSum.integer(high[BID_PRICE], low[BID_PRICE]))
                                .doubleValue()
                        / 1e12;
    }

    double spreadBps() {
        return 20_000 * spread() / twiceMid();
    }

    void addAskAmount(int level, ExactSum sum) {
        sum.add(high[4 * level + ASK_AMOUNT], low[4 * level + ASK_AMOUNT]);
    }

    void addBidAmount(int level, ExactSum sum) {
        sum.add(high[4 * level + BID_AMOUNT], low[4 * level + BID_AMOUNT]);
    }

    void subtractAskAmount(int level, ExactSum sum) {
        sum.subtract(high[4 * level + ASK_AMOUNT], low[4 * level + ASK_AMOUNT]);
    }

    void subtractBidAmount(int level, ExactSum sum) {
        sum.subtract(high[4 * level + BID_AMOUNT], low[4 * level + BID_AMOUNT]);
    }

    int compareAskPrice(int level, BookTick other) {
        return compare(4 * level + ASK_PRICE, other);
    }

    int compareBidPrice(int level, BookTick other) {
        return compare(4 * level + BID_PRICE, other);
    }

    private int compare(int cell, BookTick other) {
        return high[cell] != other.high[cell]
                ? Long.compare(high[cell], other.high[cell])
                : Long.compareUnsigned(low[cell], other.low[cell]);
    }

    private double sum(int first, int second) {
        long sum = low[first] + low[second];
        return isNarrow(first) && isNarrow(second) && ((low[first] ^ sum) & (low[second] ^ sum)) >= 0
                ? ExactSum.doubleValue(sum, TradeTick.PLACES)
                : ExactSum.integer(high[first], low[first])
                                .add(ExactSum.integer(high[second], low[second]))
                                .doubleValue()
                        / 1e12;
    }

    private static boolean overflows(long left, long right, long difference) {
        return ((left ^ right) & (left ^ difference)) < 0;
    }

    private boolean isNarrow(int cell) {
        return high[cell] == low[cell] >> 63;
    }

    private double value(int cell) {
        return ExactSum.doubleValue(high[cell], low[cell], TradeTick.PLACES);
    }
}
