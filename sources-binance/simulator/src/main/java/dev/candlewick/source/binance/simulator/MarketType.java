package dev.candlewick.source.binance.simulator;

/** The three candle markets of the venue. */
public enum MarketType {
    /** Spot pairs, {@code /api/v3} and {@code data/spot}. */
    SPOT("data/spot/"),
    /** USD-margined futures, {@code /fapi/v1} and {@code data/futures/um}. */
    USD_MARGINED("data/futures/um/"),
    /** Coin-margined futures, {@code /dapi/v1} and {@code data/futures/cm}. */
    COIN_MARGINED("data/futures/cm/");

    private final String archivePrefix;

    MarketType(String archivePrefix) {
        this.archivePrefix = archivePrefix;
    }

    String archivePrefix() {
        return archivePrefix;
    }
}
