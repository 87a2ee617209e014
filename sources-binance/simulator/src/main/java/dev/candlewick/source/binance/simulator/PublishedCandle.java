package dev.candlewick.source.binance.simulator;

import java.math.BigDecimal;

/**
 * A candle as the venue publishes it: the truth that a client's copy is compared with.
 *
 * <p>Decimals carry the scale that the venue prints. Compare them with {@code compareTo}.
 *
 * @param openMillis open time, epoch milliseconds, UTC
 * @param closeMillis last millisecond of the candle, inclusive
 * @param open price of the first trade
 * @param high highest price
 * @param low lowest price
 * @param close price of the last trade
 * @param volume base quantity; contracts on the coin-margined market
 * @param quoteVolume quote quantity; base quantity on the coin-margined market
 * @param trades number of trades, 0 for an idle minute
 * @param takerBuyVolume the part of {@code volume} bought by takers
 * @param takerBuyQuoteVolume the part of {@code quoteVolume} bought by takers
 */
public record PublishedCandle(
        long openMillis,
        long closeMillis,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        BigDecimal volume,
        BigDecimal quoteVolume,
        long trades,
        BigDecimal takerBuyVolume,
        BigDecimal takerBuyQuoteVolume) {

    static PublishedCandle of(Bar bar, Scales scales) {
        return new PublishedCandle(
                bar.openMillis(),
                bar.closeMillis(),
                decimal(bar.open(), scales.price(), scales.printedPrice()),
                decimal(bar.high(), scales.price(), scales.printedPrice()),
                decimal(bar.low(), scales.price(), scales.printedPrice()),
                decimal(bar.close(), scales.price(), scales.printedPrice()),
                decimal(bar.volume(), scales.quantity(), scales.printedQuantity()),
                decimal(bar.quoteVolume(), scales.quote(), scales.printedQuote()),
                bar.trades(),
                decimal(bar.takerVolume(), scales.quantity(), scales.printedQuantity()),
                decimal(bar.takerQuoteVolume(), scales.quote(), scales.printedQuote()));
    }

    Bar toBar(Scales scales) {
        return new Bar(
                openMillis,
                closeMillis,
                unscaled(open, scales.price()),
                unscaled(high, scales.price()),
                unscaled(low, scales.price()),
                unscaled(close, scales.price()),
                unscaled(volume, scales.quantity()),
                unscaled(quoteVolume, scales.quote()),
                trades,
                unscaled(takerBuyVolume, scales.quantity()),
                unscaled(takerBuyQuoteVolume, scales.quote()));
    }

    private static BigDecimal decimal(long unscaled, int scale, int printedScale) {
        return BigDecimal.valueOf(unscaled, scale).setScale(printedScale);
    }

    private static long unscaled(BigDecimal value, int scale) {
        return value.setScale(scale).unscaledValue().longValueExact();
    }
}
