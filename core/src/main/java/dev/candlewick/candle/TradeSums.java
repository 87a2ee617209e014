package dev.candlewick.candle;

import dev.candlewick.DecimalColumn;
import dev.candlewick.spi.ExactSum;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** One growing candle: what its trades add up to. Columns of trades go in, in any order. For one thread. */
final class TradeSums {

    // Below it no upper half of a sum of products overflows.
    private static final double SAFE = 1e38;

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

    /**
     * Adds the trades {@code [from, to)} of columns whose every price and amount fits 64 bits.
     *
     * @param bought all bits set where the taker bought, none elsewhere
     */
    void add(long[] times, long[] prices, long[] amounts, long[] bought, int from, int to) {
        long lowest = prices[from];
        long highest = prices[from];
        long largest = 0;
        int first = from;
        int last = from;
        for (int row = from; row < to; row++) {
            long price = prices[row];
            lowest = Math.min(lowest, price);
            highest = Math.max(highest, price);
            largest = Math.max(largest, amounts[row] ^ (amounts[row] >> 63));
            if (times[row] < times[first]) {
                first = row;
            }
            if (times[row] >= times[last]) {
                last = row;
            }
        }
        bound(lowest >> 63, lowest, highest >> 63, highest);
        open(times[first], prices[first] >> 63, prices[first]);
        close(times[last], prices[last] >> 63, prices[last]);
        double price = Math.max(Math.abs((double) lowest), Math.abs((double) highest));
        if (price * (largest + 1.0) * (to - from) < SAFE) {
            addSafely(prices, amounts, bought, from, to);
        } else {
            for (int row = from; row < to; row++) {
                volume.add(amounts[row]);
                buyVolume.add(amounts[row] & bought[row]);
                quoteVolume.addProduct(prices[row], amounts[row]);
                buyQuoteVolume.addProduct(prices[row], amounts[row] & bought[row]);
            }
        }
        trades += to - from;
    }

    // Upper halves and quarters of products are summed apart, so that no sum overflows for less than 2^31 rows and
    // there is
    // neither carry nor branch: takers' sides are a coin toss, and so are carries. Three times as quick as adding 128
    // bits.
    private void addSafely(long[] prices, long[] amounts, long[] bought, int from, int to) {
        long upper = 0;
        long middle = 0;
        long lower = 0;
        long boughtUpper = 0;
        long boughtMiddle = 0;
        long boughtLower = 0;
        for (int row = from; row < to; row++) {
            long high = Math.multiplyHigh(prices[row], amounts[row]);
            long low = prices[row] * amounts[row];
            long mask = bought[row];
            upper += high;
            middle += low >>> 32;
            lower += low & 0xffff_ffffL;
            boughtUpper += high & mask;
            boughtMiddle += (low & mask) >>> 32;
            boughtLower += low & mask & 0xffff_ffffL;
        }
        add(quoteVolume, upper, middle, lower);
        add(buyQuoteVolume, boughtUpper, boughtMiddle, boughtLower);
        long amountUpper = 0;
        long amountLower = 0;
        long boughtAmountUpper = 0;
        long boughtAmountLower = 0;
        for (int row = from; row < to; row++) {
            long amount = amounts[row];
            long taken = amount & bought[row];
            amountUpper += amount >> 32;
            amountLower += amount & 0xffff_ffffL;
            boughtAmountUpper += taken >> 32;
            boughtAmountLower += taken & 0xffff_ffffL;
        }
        volume.add(amountUpper >> 32, amountUpper << 32);
        volume.add(amountLower);
        buyVolume.add(boughtAmountUpper >> 32, boughtAmountUpper << 32);
        buyVolume.add(boughtAmountLower);
    }

    private static void add(ExactSum sum, long upper, long middle, long lower) {
        sum.add(upper, 0);
        sum.add(middle >>> 32, middle << 32);
        sum.add(lower);
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

    /** Counts trades that rows added before stand for besides their first. */
    void countMore(long more) {
        trades += more;
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
