package dev.candlewick.candle;

import dev.candlewick.DecimalColumn;
import dev.candlewick.spi.ExactSum;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** One growing candle: what its trades add up to. Columns of trades go in, in any order. For one thread. */
final class TradeSums {

    final long start;
    final long end;
    private long openTime = Long.MAX_VALUE;
    private long closeTime = Long.MIN_VALUE;
    private long openHigh;
    private long openLow;
    private long closeHigh;
    private long closeLow;
    // The lowest and the highest price; meaningless while there are no trades.
    private long lowHigh;
    private long lowLow;
    private long highHigh;
    private long highLow;
    private long trades;
    private final ExactSum volume = new ExactSum();
    private final ExactSum quoteVolume = new ExactSum();
    private final ExactSum buyVolume = new ExactSum();
    private final ExactSum buyQuoteVolume = new ExactSum();

    TradeSums(long start, long end) {
        this.start = start;
        this.end = end;
    }

    /** Adds the trades {@code [from, to)} of columns whose every price and amount fits 64 bits. */
    void add(long[] times, long[] prices, long[] amounts, long[] buyAmounts, int from, int to) {
        long lowest = prices[from];
        long highest = prices[from];
        for (int row = from + 1; row < to; row++) {
            lowest = Math.min(lowest, prices[row]);
            highest = Math.max(highest, prices[row]);
        }
        bound(lowest >> 63, lowest, highest >> 63, highest);
        int first = from;
        int last = from;
        for (int row = from + 1; row < to; row++) {
            if (times[row] < times[first]) {
                first = row;
            }
            if (times[row] >= times[last]) {
                last = row;
            }
        }
        open(times[first], prices[first] >> 63, prices[first]);
        close(times[last], prices[last] >> 63, prices[last]);
        volume.add(amounts, from, to);
        quoteVolume.addProducts(prices, amounts, from, to);
        buyVolume.add(buyAmounts, from, to);
        buyQuoteVolume.addProducts(prices, buyAmounts, from, to);
        trades += to - from;
    }

    /** Adds one trade of columns that need 128 bits. */
    void add(long time, DecimalColumn prices, DecimalColumn amounts, int row, long taken) {
        long high = prices.high(row);
        long low = prices.low(row);
        bound(high, low, high, low);
        open(time, high, low);
        close(time, high, low);
        long amountHigh = amounts.high(row);
        long amountLow = amounts.low(row);
        volume.add(amountHigh, amountLow);
        quoteVolume.addProduct(high, low, amountHigh, amountLow);
        if (taken != 0) {
            buyVolume.add(amountHigh, amountLow);
            buyQuoteVolume.addProduct(high, low, amountHigh, amountLow);
        }
        trades++;
    }

    long trades() {
        return trades;
    }

    BigDecimal open(int scale) {
        return decimal(openHigh, openLow, scale);
    }

    BigDecimal high(int scale) {
        return decimal(highHigh, highLow, scale);
    }

    BigDecimal low(int scale) {
        return decimal(lowHigh, lowLow, scale);
    }

    BigDecimal close(int scale) {
        return decimal(closeHigh, closeLow, scale);
    }

    BigDecimal volume(int scale) {
        return volume.decimal(scale);
    }

    BigDecimal buyVolume(int scale) {
        return buyVolume.decimal(scale);
    }

    /** The exact sum, rounded once to the places of the column. */
    BigDecimal quoteVolume(int scale, int places) {
        return quoteVolume.decimal(scale).setScale(places, RoundingMode.HALF_EVEN);
    }

    /** The exact sum, rounded once to the places of the column. */
    BigDecimal buyQuoteVolume(int scale, int places) {
        return buyQuoteVolume.decimal(scale).setScale(places, RoundingMode.HALF_EVEN);
    }

    private void open(long time, long high, long low) {
        if (time < openTime) {
            openTime = time;
            openHigh = high;
            openLow = low;
        }
    }

    private void close(long time, long high, long low) {
        if (time >= closeTime) {
            closeTime = time;
            closeHigh = high;
            closeLow = low;
        }
    }

    private void bound(long leastHigh, long leastLow, long mostHigh, long mostLow) {
        if (trades == 0 || isLess(leastHigh, leastLow, lowHigh, lowLow)) {
            lowHigh = leastHigh;
            lowLow = leastLow;
        }
        if (trades == 0 || isLess(highHigh, highLow, mostHigh, mostLow)) {
            highHigh = mostHigh;
            highLow = mostLow;
        }
    }

    private static boolean isLess(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh ? high < otherHigh : Long.compareUnsigned(low, otherLow) < 0;
    }

    private static BigDecimal decimal(long high, long low, int scale) {
        return new BigDecimal(ExactSum.integer(high, low), scale);
    }
}
