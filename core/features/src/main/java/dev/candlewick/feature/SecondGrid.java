package dev.candlewick.feature;

import dev.candlewick.spi.ExactSum;

/**
 * The last price before each second, from the first price on, over all buckets. For one thread.
 *
 * <p>Usage: {@link #begin} at a bucket's start; before each trade, {@link #step} while {@link #next} is not after it, then
 * {@link #price}; at the end, {@link #step} while {@link #next} is not after the end.
 */
final class SecondGrid {

    private static final long SECOND = 1_000_000;

    private final ExactSum change = new ExactSum();
    private long next;
    private boolean started;
    private boolean hasPrice;
    private long high;
    private long low;
    private boolean hasBefore;
    private long beforeHigh;
    private long beforeLow;

    void begin(long start) {
        next = start;
        started = false;
        hasBefore = false;
    }

    /** The next second. */
    long next() {
        return next;
    }

    /** Takes the price at the next second; whether there was one a second before in this bucket. */
    boolean step() {
        boolean pair = started && hasBefore;
        if (pair) {
            change.clear();
            change.add(high, low);
            change.subtract(beforeHigh, beforeLow);
        }
        started = true;
        hasBefore = hasPrice;
        previous = pair ? ExactSum.doubleValue(beforeHigh, beforeLow, TradeTick.PLACES) : Double.NaN;
        beforeHigh = high;
        beforeLow = low;
        next += SECOND;
        return pair;
    }

    private double previous;

    /** The price of a second before, after a {@link #step} that said there was one. */
    double before() {
        return previous;
    }

    /** How far the price has moved since. */
    double change() {
        return change.doubleValue(TradeTick.PLACES);
    }

    /** The same in unscaled integers. */
    ExactSum exactChange() {
        return change;
    }

    void price(long priceHigh, long priceLow) {
        hasPrice = true;
        high = priceHigh;
        low = priceLow;
    }
}
