package dev.candlewick.source.binance.simulator;

/** One candle as scaled longs; {@link Scales} tells the decimals. Times are epoch milliseconds, the close inclusive. */
record Bar(
        long openMillis,
        long closeMillis,
        long open,
        long high,
        long low,
        long close,
        long volume,
        long quoteVolume,
        long trades,
        long takerVolume,
        long takerQuoteVolume) {

    static Bar flat(long openMillis, long closeMillis, long price) {
        return new Bar(openMillis, closeMillis, price, price, price, price, 0, 0, 0, 0, 0);
    }

    Bar withVolume(long changed) {
        return new Bar(
                openMillis,
                closeMillis,
                open,
                high,
                low,
                close,
                changed,
                quoteVolume,
                trades,
                takerVolume,
                takerQuoteVolume);
    }
}
