package dev.candlewick.source.binance.simulator;

/**
 * How many decimals the scaled longs of a bar carry, and how many the venue prints.
 *
 * <p>Kept apart because the venue pads: a spot price on a grid of 0.01 is printed with eight decimals.
 */
record Scales(int price, int quantity, int quote, int printedPrice, int printedQuantity, int printedQuote) {

    /** Spot and futures never print more decimals than this. */
    static final int MOST_DECIMALS = 8;

    static Scales of(MarketType market, int tickScale, int stepScale) {
        return switch (market) {
            case SPOT ->
                new Scales(
                        tickScale,
                        stepScale,
                        Math.min(MOST_DECIMALS, tickScale + stepScale),
                        MOST_DECIMALS,
                        MOST_DECIMALS,
                        MOST_DECIMALS);
            case USD_MARGINED -> {
                int printedPrice = Math.max(2, tickScale);
                yield new Scales(
                        tickScale, stepScale, tickScale + stepScale, printedPrice, stepScale, printedPrice + stepScale);
            }
            case COIN_MARGINED -> new Scales(tickScale, stepScale, MOST_DECIMALS, tickScale, stepScale, MOST_DECIMALS);
        };
    }

    /** Recorded rows are held with eight decimals, which every archive row fits. */
    static Scales recorded(MarketType market) {
        int printedQuantity = market == MarketType.COIN_MARGINED ? 0 : MOST_DECIMALS;
        return new Scales(MOST_DECIMALS, printedQuantity, MOST_DECIMALS, MOST_DECIMALS, printedQuantity, MOST_DECIMALS);
    }
}
