package dev.candlewick.feature;

import dev.candlewick.spi.ExactSum;

/**
 * The middles of a book by the time they arrived: what was known just before an instant. Sums of best bid and ask, as
 * unscaled integers of 128 bits, so that no middle is rounded. For one thread.
 */
final class Mids {

    private final ExactSum difference = new ExactSum();
    private long[] arrivals = new long[64];
    private long[] high = new long[64];
    private long[] low = new long[64];
    private boolean[] known = new boolean[64];
    private int head;
    private int size;

    /** Takes what arrived last: of rows that arrive at once the last counts. */
    void add(long arrival, BookTick book) {
        if (size > 0 && arrivals[last()] == arrival) {
            size--;
        }
        if (size == arrivals.length) {
            grow();
        }
        int at = (head + size++) & (arrivals.length - 1);
        arrivals[at] = arrival;
        known[at] = !book.lost && book.hasBoth(0);
        low[at] = book.low[0] + book.low[2];
        long carry = Long.compareUnsigned(low[at], book.low[0]) < 0 ? 1 : 0;
        high[at] = book.high[0] + book.high[2] + carry;
    }

    /** Forgets what nobody asks for who asks for this instant or later. */
    void forgetBefore(long instant) {
        while (size > 1 && arrivals[(head + 1) & (arrivals.length - 1)] < instant) {
            head = (head + 1) & (arrivals.length - 1);
            size--;
        }
    }

    /** Puts the middle that was known just before the trade arrived into it. */
    void before(TradeTick trade) {
        int at = latestBefore(trade.arrival);
        if (at < 0) {
            trade.midDouble = Double.NaN;
        } else {
            trade.midDouble = ExactSum.doubleValue(high[at], low[at], TradeTick.PLACES);
            trade.fromMidDouble = fromMid(trade, at);
        }
    }

    /** Puts the middle that was known just before the instant into the trade as the later one. */
    void later(TradeTick trade, long instant) {
        int at = latestBefore(instant);
        trade.fromLaterMidDouble = at < 0 ? Double.NaN : fromMid(trade, at);
    }

    private double fromMid(TradeTick trade, int at) {
        difference.clear();
        difference.add(trade.priceHigh, trade.priceLow);
        difference.add(trade.priceHigh, trade.priceLow);
        difference.subtract(high[at], low[at]);
        return difference.doubleValue(TradeTick.PLACES);
    }

    // The place of the last middle that arrived before; -1 where none did, or none was known then.
    private int latestBefore(long instant) {
        int from = 0;
        int to = size;
        if (size > 0 && arrivals[last()] < instant) {
            from = size; // nearly always
            to = size;
        }
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (arrivals[(head + middle) & (arrivals.length - 1)] < instant) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        int at = (head + from - 1) & (arrivals.length - 1);
        return from == 0 || !known[at] ? -1 : at;
    }

    private int last() {
        return (head + size - 1) & (arrivals.length - 1);
    }

    private void grow() {
        int length = arrivals.length;
        long[] moreArrivals = new long[length * 2];
        long[] moreHigh = new long[length * 2];
        long[] moreLow = new long[length * 2];
        boolean[] moreKnown = new boolean[length * 2];
        for (int i = 0; i < size; i++) {
            int at = (head + i) & (length - 1);
            moreArrivals[i] = arrivals[at];
            moreHigh[i] = high[at];
            moreLow[i] = low[at];
            moreKnown[i] = known[at];
        }
        arrivals = moreArrivals;
        high = moreHigh;
        low = moreLow;
        known = moreKnown;
        head = 0;
    }
}
