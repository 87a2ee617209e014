package dev.candlewick.source.binance.simulator;

/** What a request asked for. */
public enum RequestKind {
    /** Connectivity check. */
    PING,
    /** Server time. */
    TIME,
    /** Instruments and limits. */
    EXCHANGE_INFO,
    /** Candles over REST. */
    KLINES,
    /** Trades or aggregated trades over REST. */
    TRADES,
    /** Funding events over REST. */
    FUNDING,
    /** A zip of the archive. */
    ARCHIVE_FILE,
    /** The {@code .CHECKSUM} beside a zip. */
    ARCHIVE_CHECKSUM,
    /** A page of the bucket listing. */
    LISTING,
    /** Anything else. */
    OTHER;

    static RequestKind of(VenueHost host, String path) {
        if (host == VenueHost.ARCHIVE) {
            if (path.endsWith(".zip")) {
                return ARCHIVE_FILE;
            }
            if (path.endsWith(".zip.CHECKSUM")) {
                return ARCHIVE_CHECKSUM;
            }
            return path.startsWith("/data/") ? OTHER : LISTING;
        }
        return switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "ping" -> PING;
            case "time" -> TIME;
            case "exchangeInfo" -> EXCHANGE_INFO;
            case "klines", "uiKlines" -> KLINES;
            case "aggTrades", "historicalTrades" -> TRADES;
            case "fundingRate" -> FUNDING;
            default -> OTHER;
        };
    }
}
