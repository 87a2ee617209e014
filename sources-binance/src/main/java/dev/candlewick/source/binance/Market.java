package dev.candlewick.source.binance;

import dev.candlewick.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A market of Binance: its own symbols, its own REST host, its own folder in the archive. */
public enum Market {
    /** Spot pairs, {@code BINANCE:SPOT_PAIR:…}. */
    SPOT("spot", "BINANCE", "https://api.binance.com", "/api/v3", "data/spot", "BINANCE_API_BASE_URL"),
    /** USD-margined (linear) perpetuals and futures, {@code BINANCE-FUTURES:…}. */
    USD_MARGINED(
            "um",
            "BINANCE-FUTURES",
            "https://fapi.binance.com",
            "/fapi/v1",
            "data/futures/um",
            "BINANCE_FAPI_BASE_URL"),
    /** Coin-margined (inverse) perpetuals and futures, {@code BINANCE-DELIVERY:…}. */
    COIN_MARGINED(
            "cm",
            "BINANCE-DELIVERY",
            "https://dapi.binance.com",
            "/dapi/v1",
            "data/futures/cm",
            "BINANCE_DAPI_BASE_URL");

    static final String ARCHIVE_URL = "https://data.binance.vision";
    static final String ARCHIVE_VARIABLE = "BINANCE_ARCHIVE_BASE_URL";

    private static final int FUTURES_CHEAP_PAGE = 99;
    private static final int FUTURES_BEST_PAGE = 499;

    private final String word;
    private final String venue;
    private final String defaultApiUrl;
    private final String apiRoot;
    private final String archiveRoot;
    private final String variable;

    Market(String word, String venue, String defaultApiUrl, String apiRoot, String archiveRoot, String variable) {
        this.word = word;
        this.venue = venue;
        this.defaultApiUrl = defaultApiUrl;
        this.apiRoot = apiRoot;
        this.archiveRoot = archiveRoot;
        this.variable = variable;
    }

    /** The market of an address word: {@code spot}, {@code um} or {@code cm}. */
    public static Market parse(String word) {
        return Arrays.stream(values())
                .filter(market -> market.word.equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no market of Binance; there are "
                        + Arrays.stream(values()).map(Market::toString).collect(Collectors.joining(", "))));
    }

    /** The venue in the subjects of this market: {@code BINANCE}, {@code BINANCE-FUTURES} or {@code BINANCE-DELIVERY}. */
    public String venue() {
        return venue;
    }

    /** The intervals that this market has candles of; one second on spot only. */
    public List<Interval> intervals() {
        return this == SPOT ? Interval.BINANCE : Interval.BINANCE.subList(1, Interval.BINANCE.size());
    }

    String defaultApiUrl() {
        return defaultApiUrl;
    }

    String apiRoot() {
        return apiRoot;
    }

    String archiveRoot() {
        return archiveRoot;
    }

    String variable() {
        return variable;
    }

    /** Rows per page that cost the least weight per row: 1,000 for 2 on spot; 499 for 2 on futures, where 1,500 cost 10. */
    int pageRows() {
        return this == SPOT ? 1_000 : FUTURES_BEST_PAGE;
    }

    int klinesWeight(int limit) {
        return this == SPOT || limit > FUTURES_CHEAP_PAGE ? 2 : 1;
    }

    int aggTradesWeight() {
        return this == SPOT ? 4 : 20;
    }

    int exchangeInfoWeight() {
        return this == SPOT ? 20 : 1;
    }

    /** Weight per minute before exchangeInfo says otherwise. */
    int weightPerMinute() {
        return this == SPOT ? 6_000 : 2_400;
    }

    /** The word in addresses: {@code spot}, {@code um}, {@code cm}. */
    @Override
    public String toString() {
        return word;
    }
}
