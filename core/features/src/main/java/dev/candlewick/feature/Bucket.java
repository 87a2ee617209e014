package dev.candlewick.feature;

import dev.candlewick.spi.ExactSum;

/**
 * What every feature may ask of the bucket that is filling: its bounds, its candle, the book as it is. Used again for the
 * next bucket. Times in microseconds since the epoch. For one thread.
 */
final class Bucket {

    long start;
    long end;

    long trades;
    final ExactSum volume = new ExactSum();
    final ExactSum quoteVolume = new ExactSum();
    final ExactSum buyVolume = new ExactSum();
    final ExactSum sellVolume = new ExactSum();
    long inferredSides;

    long openHigh;
    long openLow;
    long highHigh;
    long highLow;
    long lowHigh;
    long lowLow;
    long closeHigh;
    long closeLow;
    /** Whether prices are those of an earlier bucket's close. */
    boolean filled;

    /** When the newest trade arrived; meaningless without trades. */
    long newestTradeArrival;

    /** When the newest tick arrived that this bucket is made of, or one before whose close or book it carries on. */
    long newestArrival = Long.MIN_VALUE;

    /** Whether any trade came before this bucket, and the price of the last. */
    boolean hasPreviousClose;

    long previousCloseHigh;
    long previousCloseLow;

    /** Which feeds are there for this bucket; where one is not, its columns are absent. */
    boolean hasBookFeed;

    boolean hasTickerFeed;
    boolean hasLiquidationFeed;

    /** What options say at the bucket's end; NaN where they say nothing. */
    double atmMarkIv = Double.NaN;

    double skew = Double.NaN;

    /** When that was known; it is worked out anew for each bucket, so it says nothing of the next. */
    long optionsArrival = Long.MIN_VALUE;

    private final BookTick book;
    private boolean bookKnown;

    Bucket(int levels) {
        book = new BookTick(levels);
    }

    void begin(long from, long to) {
        if (trades > 0) {
            hasPreviousClose = true;
            previousCloseHigh = closeHigh;
            previousCloseLow = closeLow;
        }
        start = from;
        end = to;
        trades = 0;
        inferredSides = 0;
        filled = false;
        newestTradeArrival = Long.MIN_VALUE;
        volume.clear();
        quoteVolume.clear();
        buyVolume.clear();
        sellVolume.clear();
    }

    void count(TradeTick trade) {
        long high = trade.priceHigh;
        long low = trade.priceLow;
        if (trades == 0) {
            openHigh = high;
            openLow = low;
            highHigh = high;
            highLow = low;
            lowHigh = high;
            lowLow = low;
        } else if (isLess(high, low, lowHigh, lowLow)) {
            lowHigh = high;
            lowLow = low;
        } else if (isLess(highHigh, highLow, high, low)) {
            highHigh = high;
            highLow = low;
        }
        closeHigh = high;
        closeLow = low;
        trades++;
        volume.add(trade.amountHigh, trade.amountLow);
        quoteVolume.addProduct(high, low, trade.amountHigh, trade.amountLow);
        if (trade.side > 0) {
            buyVolume.add(trade.amountHigh, trade.amountLow);
        } else if (trade.side < 0) {
            sellVolume.add(trade.amountHigh, trade.amountLow);
        }
        if (trade.inferred) {
            inferredSides++;
        }
        newestTradeArrival = Math.max(newestTradeArrival, trade.arrival);
        newestArrival = Math.max(newestArrival, trade.arrival);
    }

    /** Carries the previous close over a bucket without trades. */
    void fill() {
        filled = true;
        openHigh = highHigh = lowHigh = closeHigh = previousCloseHigh;
        openLow = highLow = lowLow = closeLow = previousCloseLow;
    }

    /** Whether a book is known; {@link #book()} is it. */
    boolean hasBook() {
        return bookKnown;
    }

    /** Whether both sides of the known book have a best level. */
    boolean hasTop() {
        return bookKnown && book.hasBoth(0);
    }

    BookTick book() {
        return book;
    }

    void book(BookTick next) {
        book.copy(next);
        bookKnown = true;
    }

    void loseBook() {
        bookKnown = false;
    }

    double seconds() {
        return (end - start) / 1e6;
    }

    private static boolean isLess(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh ? high < otherHigh : Long.compareUnsigned(low, otherLow) < 0;
    }
}
