package dev.candlewick.source.binance.simulator;

/** Folds shorter bars, given in time order, into one longer bar; sums are exact or fail. Not thread-safe. */
final class BarAggregation {
    private boolean empty = true;
    private long open;
    private long high;
    private long low;
    private long close;
    private long volume;
    private long quoteVolume;
    private long trades;
    private long takerVolume;
    private long takerQuoteVolume;

    boolean isEmpty() {
        return empty;
    }

    BarAggregation add(Bar bar) {
        if (empty) {
            open = bar.open();
            high = bar.high();
            low = bar.low();
            empty = false;
        }
        high = Math.max(high, bar.high());
        low = Math.min(low, bar.low());
        close = bar.close();
        volume = Math.addExact(volume, bar.volume());
        quoteVolume = Math.addExact(quoteVolume, bar.quoteVolume());
        trades = Math.addExact(trades, bar.trades());
        takerVolume = Math.addExact(takerVolume, bar.takerVolume());
        takerQuoteVolume = Math.addExact(takerQuoteVolume, bar.takerQuoteVolume());
        return this;
    }

    Bar toBar(long openMillis, long closeMillis) {
        if (empty) {
            throw new IllegalStateException("No bar was added for the candle that opens at " + openMillis);
        }
        return new Bar(
                openMillis,
                closeMillis,
                open,
                high,
                low,
                close,
                volume,
                quoteVolume,
                trades,
                takerVolume,
                takerQuoteVolume);
    }
}
