package dev.candlewick.source.binance.simulator;

/** A request budget that the venue keeps per IP address. */
public enum WeightPool {
    /** Spot: 6,000 a minute. */
    SPOT,
    /** USD- and coin-margined futures together: 2,400 a minute. */
    FUTURES
}
