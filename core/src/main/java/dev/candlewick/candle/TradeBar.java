package dev.candlewick.candle;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * A bar as Tardis computes them: see {@link TradeBars}.
 *
 * @param open price of the trade that arrived first
 * @param high highest price
 * @param low lowest price
 * @param close price of the last trade that did not go back in time
 * @param volume sum of amounts
 * @param buyVolume sum of amounts that takers bought
 * @param sellVolume sum of amounts that takers sold
 * @param quoteVolume sum of price × amount, which divided by the volume is the average price
 * @param trades how many
 * @param openTimestamp venue time of the first trade
 * @param closeTimestamp venue time of the closing trade
 * @param localTimestamp when the bar was known: arrival of the trade that completed it
 * @param timestamp the label: the <em>end</em> of a bar of time; when bars of ticks and volume were completed
 */
public record TradeBar(
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        BigDecimal volume,
        BigDecimal buyVolume,
        BigDecimal sellVolume,
        BigDecimal quoteVolume,
        long trades,
        Instant openTimestamp,
        Instant closeTimestamp,
        Instant localTimestamp,
        Instant timestamp) {

    /** The start of a bar of time, as candles are labelled: the label less its length. */
    public Instant start(Duration length) {
        return timestamp.minus(length);
    }
}
