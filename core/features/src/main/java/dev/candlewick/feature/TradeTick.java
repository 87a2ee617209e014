package dev.candlewick.feature;

/** A trade, or a forced order. Prices and amounts are unscaled integers of 128 bits with twelve places. */
final class TradeTick extends Tick {

    static final int PLACES = 12;

    /** 1 where the taker bought, -1 where it sold, 0 where nobody says. */
    int side;

    /** Whether the side was worked out and not told. */
    boolean inferred;

    long priceHigh;
    long priceLow;
    long amountHigh;
    long amountLow;

    /** The price, rounded once. */
    double price;

    /** The amount, rounded once. */
    double amount;

    /** Best bid plus best ask of the last book row that arrived before the trade did; NaN where there is none. */
    double midDouble = Double.NaN;

    /** Twice the price less that sum. */
    double fromMidDouble;

    /** Twice the price less best bid plus best ask of a while later; NaN where that is not known. */
    double fromLaterMidDouble = Double.NaN;

    boolean hasMid() {
        return !Double.isNaN(midDouble);
    }
}
