package dev.candlewick.candle;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * One candle, for people and small data; loops over many go through {@link Candles} or the columns of a batch.
 *
 * @param openTime the first instant that the candle covers
 * @param open the first price
 * @param high the highest price
 * @param low the lowest price
 * @param close the last price
 * @param volume how much of the base asset changed hands
 * @param closeTime the last instant that the candle covers, as fine as the venue counts it
 * @param quoteVolume how much of the quote asset changed hands
 * @param trades how many trades
 * @param takerBuyVolume the part of the volume bought by takers
 * @param takerBuyQuoteVolume the part of the quote volume bought by takers
 * @param filled whether nothing was published for this slot and the last close was carried forward
 */
public record Candle(
        Instant openTime,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        BigDecimal volume,
        Instant closeTime,
        BigDecimal quoteVolume,
        long trades,
        BigDecimal takerBuyVolume,
        BigDecimal takerBuyQuoteVolume,
        boolean filled) {

    /** {@code 2024-01-01T00:00:00Z open 42283.58 high 42298.62 low 42261.02 close 42298.61 volume 35.92724}. */
    @Override
    public String toString() {
        return openTime + " open " + plain(open) + " high " + plain(high) + " low " + plain(low) + " close "
                + plain(close) + " volume " + plain(volume) + (filled ? " (filled)" : "");
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
