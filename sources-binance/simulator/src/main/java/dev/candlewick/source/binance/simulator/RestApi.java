package dev.candlewick.source.binance.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The REST part of the venue for its three hosts. */
final class RestApi {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

    private final Catalog catalog;
    private final ExchangeInfo exchangeInfo;

    RestApi(Catalog catalog) {
        this.catalog = catalog;
        this.exchangeInfo = new ExchangeInfo(catalog);
    }

    static MarketType market(VenueHost host) {
        return switch (host) {
            case API -> MarketType.SPOT;
            case FAPI -> MarketType.USD_MARGINED;
            case DAPI -> MarketType.COIN_MARGINED;
            case ARCHIVE -> throw new IllegalArgumentException("The archive has no REST API");
        };
    }

    private static String root(VenueHost host) {
        return switch (host) {
            case API -> "/api/v3/";
            case FAPI -> "/fapi/v1/";
            case DAPI -> "/dapi/v1/";
            case ARCHIVE -> throw new IllegalArgumentException("The archive has no REST API");
        };
    }

    /** Answers a request; {@code tampering} changes the rows of a candle answer. */
    Reply answer(IncomingRequest request, Instant now, int weightLimit, UnaryOperator<List<String[]>> tampering) {
        String root = root(request.host());
        if (!request.path().startsWith(root)) {
            return unknownPath();
        }
        try {
            return switch (request.path().substring(root.length())) {
                case "ping" -> Reply.json("{}");
                case "time" ->
                    Reply.json(new Json()
                            .object("serverTime", serverTime(request, now))
                            .toString());
                case "exchangeInfo" -> exchangeInfo(request, now, weightLimit);
                case "klines" -> klines(request, now, tampering);
                case "uiKlines" -> request.host() == VenueHost.API ? klines(request, now, tampering) : unknownPath();
                case "aggTrades" -> tape(request, now).aggregates(request, times(request), tampering);
                case "historicalTrades" -> tape(request, now).oldTrades(request, times(request), tampering);
                case "fundingRate" ->
                    request.host() == VenueHost.API
                            ? unknownPath()
                            : tape(request, now).funding(request);
                default -> unknownPath();
            };
        } catch (ApiRefusal refusal) {
            return refusal.reply();
        }
    }

    private static Reply unknownPath() {
        return Reply.error(404, -5000, "Path not found.");
    }

    private static boolean wantsMicros(IncomingRequest request) {
        return request.host() == VenueHost.API
                && request.header("x-mbx-time-unit")
                        .filter("MICROSECOND"::equalsIgnoreCase)
                        .isPresent();
    }

    private static TimeFormat times(IncomingRequest request) {
        return wantsMicros(request) ? TimeFormat.MICROS : TimeFormat.MILLIS;
    }

    private TapeApi tape(IncomingRequest request, Instant now) {
        MarketType market = market(request.host());
        Catalog.Listed listed = request.parameter("symbol")
                .flatMap(symbol -> find(market, symbol))
                .filter(each -> !now.isBefore(each.instrument().listedSince()))
                .orElseThrow(RestApi::invalidSymbol);
        return new TapeApi(market, listed, now);
    }

    private static long serverTime(IncomingRequest request, Instant now) {
        return now.toEpochMilli() * (wantsMicros(request) ? 1_000 : 1);
    }

    private Reply exchangeInfo(IncomingRequest request, Instant now, int weightLimit) {
        MarketType market = market(request.host());
        Set<String> symbols = new TreeSet<>();
        request.parameter("symbol").ifPresent(symbols::add);
        Matcher quoted = QUOTED.matcher(request.parameter("symbols").orElse(""));
        while (quoted.find()) {
            symbols.add(quoted.group(1));
        }
        for (String symbol : symbols) {
            if (catalog.find(market, symbol)
                    .filter(listed -> ExchangeInfo.isShown(listed.instrument(), now))
                    .isEmpty()) {
                throw invalidSymbol();
            }
        }
        return Reply.json(exchangeInfo.print(market, symbols, weightLimit, now));
    }

    private Reply klines(IncomingRequest request, Instant now, UnaryOperator<List<String[]>> tampering) {
        KlineQuery query = KlineQuery.of(market(request.host()), request);
        CandleSeries series = find(query.market(), query.symbol())
                .filter(listed -> !now.isBefore(listed.instrument().listedSince()))
                .orElseThrow(RestApi::invalidSymbol)
                .candles();
        List<Bar> bars = query.select(series, now.toEpochMilli());
        TimeFormat times = wantsMicros(request) ? TimeFormat.MICROS : TimeFormat.MILLIS;
        List<String[]> rows = tampering.apply(new KlineText(series.scales()).fields(bars, times));
        return Reply.jsonRows(KlineText.json(rows), rows.size());
    }

    /** Since the futures markets were merged, each futures host also answers for symbols of the other. */
    private Optional<Catalog.Listed> find(MarketType market, String symbol) {
        Optional<Catalog.Listed> own = catalog.find(market, symbol);
        return switch (market) {
            case SPOT -> own;
            case USD_MARGINED -> own.or(() -> catalog.find(MarketType.COIN_MARGINED, symbol));
            case COIN_MARGINED -> own.or(() -> catalog.find(MarketType.USD_MARGINED, symbol));
        };
    }

    private static ApiRefusal invalidSymbol() {
        return ApiRefusal.badRequest(-1121, "Invalid symbol.");
    }
}
