package dev.candlewick.source.binance.simulator;

/** The hosts of the venue; each listens on a port of its own, so that a client keeps them apart as it must in life. */
public enum VenueHost {
    /** Spot REST. */
    API,
    /** USD-margined futures REST. */
    FAPI,
    /** Coin-margined futures REST. */
    DAPI,
    /** The public archive: files, checksums and the bucket listing. */
    ARCHIVE
}
