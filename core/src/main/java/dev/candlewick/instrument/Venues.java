package dev.candlewick.instrument;

import java.util.Map;
import java.util.Optional;

/**
 * The names of venues in keys and those that Tardis gives its exchanges: capital letters here, small letters there, and
 * {@code OKX} here for {@code okex} there. Holds for every exchange, known or not.
 */
public final class Venues {

    private static final Map<String, String> CCXT = Map.ofEntries(
            Map.entry("BINANCE", "binance"),
            Map.entry("BINANCE-FUTURES", "binanceusdm"),
            Map.entry("BINANCE-DELIVERY", "binancecoinm"),
            Map.entry("BYBIT", "bybit"),
            Map.entry("BYBIT-SPOT", "bybit"),
            Map.entry("BYBIT-OPTIONS", "bybit"),
            Map.entry("OKX", "okx"),
            Map.entry("OKX-SWAP", "okx"),
            Map.entry("OKX-FUTURES", "okx"),
            Map.entry("OKX-OPTIONS", "okx"),
            Map.entry("DERIBIT", "deribit"),
            Map.entry("BITMEX", "bitmex"),
            Map.entry("KRAKEN", "kraken"),
            Map.entry("CRYPTOFACILITIES", "krakenfutures"),
            Map.entry("UPBIT", "upbit"));

    private Venues() {}

    /** The venue as keys write it: {@code okex-swap}, {@code OKEX-SWAP} and {@code okx-swap} are {@code OKX-SWAP}. */
    public static String canonical(String venue) {
        return renamed(Ascii.upper(venue), "OKEX", "OKX");
    }

    /** The exchange as Tardis calls it: {@code OKX-SWAP} is {@code okex-swap}. */
    public static String tardisExchange(String venue) {
        return renamed(Ascii.lower(venue), "okx", "okex");
    }

    /** The exchange as the CCXT libraries call it, for the venues known here. */
    public static Optional<String> ccxtExchange(String venue) {
        return Optional.ofNullable(CCXT.get(canonical(venue)));
    }

    // Only the whole first word counts: "OKXX" would be another venue.
    private static String renamed(String venue, String from, String to) {
        boolean first = venue.equals(from) || venue.startsWith(from + "-");
        return first ? to + venue.substring(from.length()) : venue;
    }
}
