package dev.candlewick.source.binance;

import dev.candlewick.Corrupt;
import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.HttpRequest;
import dev.candlewick.http.HttpResponse;
import dev.candlewick.http.HttpStream;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.http.Json;
import dev.candlewick.http.RateBudget;
import dev.candlewick.http.RateLimit;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The REST endpoints that candles and trades need. Thread-safe. */
final class VenueApi {

    /** A bound on exchangeInfo: the spot body is about 30 MB and grows. */
    private static final long EXCHANGE_INFO_BYTES = 128L << 20;

    /** How often a long answer is asked for when it breaks off on its way. */
    private static final int ATTEMPTS = 3;

    /** So much weight is spent before the limit is asked for: a twelfth of the lowest limit there ever was. */
    private static final int UNQUESTIONED_WEIGHT = 100;

    /** A clock offset older than this is asked for again. */
    private static final Duration OFFSET_GOOD_FOR = Duration.ofMinutes(1);

    private final Market market;
    private final String baseUrl;
    private final HttpTransport http;
    private final RateBudget budget;
    private final Optional<String> key;
    private final Clock clock;

    private final AtomicInteger spent = new AtomicInteger();
    private volatile boolean announced;
    private @Nullable ExchangeInfo exchangeInfo;
    private @Nullable Offset offset;

    /** Funding of USD-margined has its own limit of requests. */
    static final String FUNDING_LANE = "funding";

    /** Beyond this age every clock agrees that a candle has closed, and the server need not be asked for its time. */
    static final Duration CLOCKS_AGREE_WITHIN = Duration.ofDays(2);

    /** How far the server's clock was ahead, at least, and when that was found. */
    private record Offset(Duration ahead, Instant at) {}

    /** One page of an answer as it came. */
    record Page(String request, HttpResponse response, Instant at) {
        int status() {
            return response.status();
        }

        byte[] body() {
            return response.body();
        }
    }

    VenueApi(Market market, String baseUrl, HttpTransport http, RateBudget budget, Optional<String> key, Clock clock) {
        this.market = market;
        this.baseUrl = baseUrl;
        this.http = http.drawingOn(budget).judging(new VenueErrors());
        this.budget = budget;
        this.key = key;
        this.clock = clock;
    }

    /** The earliest that the server's clock may show now. */
    synchronized Instant now() {
        Instant local = clock.instant();
        Offset known = offset;
        if (known == null || Duration.between(known.at, local).abs().compareTo(OFFSET_GOOD_FOR) > 0) {
            offset = null;
            HttpRequest request =
                    HttpRequest.get(baseUrl + market.apiRoot() + "/time").build();
            HttpResponse response = http.send(request);
            Instant server = serverTime(response, request.address());
            local = clock.instant();
            known = new Offset(Duration.between(local, server), local);
            offset = known;
        }
        return local.plus(known.ahead);
    }

    /**
     * The time before which a candle has closed for the server, too. The given one where it is the server's own; else no
     * later than the time that its answers were stamped with; else no younger than any clock is wrong.
     *
     * @param now what the reading takes for now
     */
    synchronized Instant surelyPast(Instant now) {
        if (offset != null) {
            return now;
        }
        Instant bound = budget.serverTime().orElseGet(() -> now.minus(CLOCKS_AGREE_WITHIN));
        return bound.isBefore(now) ? bound : now;
    }

    /** Candles that open in the range, at most {@code limit} of them. */
    Page klines(String symbol, Interval interval, TimeRange range, int limit) throws UnknownSymbol {
        learnLimit(symbol, market.klinesWeight(limit));
        return page(HttpRequest.get(baseUrl + market.apiRoot() + "/klines")
                .query("symbol", symbol)
                .query("interval", interval.toString())
                .query("startTime", Long.toString(range.start().toEpochMilli()))
                .query("endTime", Long.toString(range.end().toEpochMilli() - 1))
                .query("limit", Integer.toString(limit))
                .weight(market.klinesWeight(limit))
                .build());
    }

    /** The very first candle. */
    Page firstKline(String symbol, Interval interval) throws UnknownSymbol {
        return page(HttpRequest.get(baseUrl + market.apiRoot() + "/klines")
                .query("symbol", symbol)
                .query("interval", interval.toString())
                .query("startTime", "0")
                .query("limit", "1")
                .weight(market.klinesWeight(1))
                .build());
    }

    /** The last candles that open before the end. */
    Page lastKlines(String symbol, Interval interval, Instant end, int limit) throws UnknownSymbol {
        return page(HttpRequest.get(baseUrl + market.apiRoot() + "/klines")
                .query("symbol", symbol)
                .query("interval", interval.toString())
                .query("endTime", Long.toString(end.toEpochMilli() - 1))
                .query("limit", Integer.toString(limit))
                .weight(market.klinesWeight(limit))
                .build());
    }

    /** How the times of an answer are written. Only spot can be asked for microseconds. */
    enum TimeUnit {
        MILLIS,
        MICROS
    }

    /** Whether a key was given; it is sent where the venue wants one and nowhere else. */
    boolean hasKey() {
        return key.isPresent();
    }

    /** Trades per page. */
    int tradePageRows(TickKind kind) {
        return kind == TickKind.TRADES && market != Market.SPOT ? 500 : 1_000;
    }

    /** The first aggregates of a stretch. */
    Page aggTrades(String symbol, TimeRange range, int limit, TimeUnit unit) throws UnknownSymbol {
        return page(aggregates(symbol, limit, unit)
                .query("startTime", Long.toString(range.start().toEpochMilli()))
                .query("endTime", Long.toString(range.end().toEpochMilli() - 1))
                .build());
    }

    /** Aggregates from a number on. */
    Page aggTradesFrom(String symbol, long number, int limit, TimeUnit unit) throws UnknownSymbol {
        return page(aggregates(symbol, limit, unit)
                .query("fromId", Long.toString(number))
                .build());
    }

    /** Trades from a number on; futures want a key. */
    Page historicalTrades(String symbol, long number, int limit, TimeUnit unit) throws UnknownSymbol {
        int weight = market == Market.SPOT ? 25 : 200;
        learnLimit(symbol, weight);
        HttpRequest.Builder request = trades("/historicalTrades", symbol, limit, unit)
                .query("fromId", Long.toString(number))
                .weight(weight);
        if (market != Market.SPOT) {
            key.ifPresent(secret -> request.secretHeader("X-MBX-APIKEY", secret));
        }
        return page(request.build());
    }

    /** Funding events of a stretch, earlier ones first; draws on a limit of its own on USD-margined. */
    Page fundingRates(String symbol, TimeRange range, int limit) throws UnknownSymbol {
        HttpRequest.Builder request = HttpRequest.get(baseUrl + market.apiRoot() + "/fundingRate")
                .query("symbol", symbol)
                .query("startTime", Long.toString(range.start().toEpochMilli()))
                .query("endTime", Long.toString(range.end().toEpochMilli() - 1))
                .query("limit", Integer.toString(limit));
        return page((market == Market.USD_MARGINED ? request.weight(0).lane(FUNDING_LANE) : request.weight(1)).build());
    }

    private HttpRequest.Builder aggregates(String symbol, int limit, TimeUnit unit) {
        int weight = market.aggTradesWeight();
        learnLimit(symbol, weight);
        return trades("/aggTrades", symbol, limit, unit).weight(weight);
    }

    private HttpRequest.Builder trades(String path, String symbol, int limit, TimeUnit unit) {
        HttpRequest.Builder request = HttpRequest.get(baseUrl + market.apiRoot() + path)
                .query("symbol", symbol)
                .query("limit", Integer.toString(limit));
        return unit == TimeUnit.MICROS && market == Market.SPOT
                ? request.header("X-MBX-TIME-UNIT", "MICROSECOND")
                : request;
    }

    /** All instruments, asked once; takes over the announced limit. */
    synchronized ExchangeInfo exchangeInfo() {
        ExchangeInfo known = exchangeInfo;
        if (known == null) {
            known = freshExchangeInfo();
            exchangeInfo = known;
        }
        return known;
    }

    /** All instruments as they stand now. */
    ExchangeInfo freshExchangeInfo() {
        return exchangeInfo(HttpRequest.get(baseUrl + market.apiRoot() + "/exchangeInfo"));
    }

    private ExchangeInfo exchangeInfo(HttpRequest.Builder question) {
        HttpRequest request = question.weight(market.exchangeInfoWeight())
                .maxBodyBytes(EXCHANGE_INFO_BYTES)
                .build();
        for (int attempt = 1; ; attempt++) {
            try (HttpStream answer = http.open(request)) {
                ExchangeInfo info = ExchangeInfo.read(market, answer.body(), request.address());
                info.weightPerMinute()
                        .ifPresent(weight -> budget.adjust(RateLimit.weight(weight, Duration.ofMinutes(1))));
                announced = true;
                return info;
            } catch (IOException broken) {
                if (attempt == ATTEMPTS) {
                    throw new Unavailable(
                            request.address() + " broke off " + ATTEMPTS + " times: " + broken.getMessage(), broken);
                }
            }
        }
    }

    /** The venue may allow less today than this version knows: whoever asks a lot asks for the limit first. */
    private void learnLimit(String symbol, int weight) {
        if (announced || spent.addAndGet(weight) < UNQUESTIONED_WEIGHT) {
            return;
        }
        announced = true; // asked once, whatever comes of it
        try {
            HttpRequest.Builder question = HttpRequest.get(baseUrl + market.apiRoot() + "/exchangeInfo");
            exchangeInfo(market == Market.SPOT ? question.query("symbol", symbol) : question);
        } catch (HttpRefused | Unavailable | Corrupt notTold) {
            // The header of every answer still tells how much is used.
        }
    }

    private Page page(HttpRequest request) throws UnknownSymbol {
        try {
            HttpResponse response = http.send(request);
            return new Page(request.address(), response, clock.instant());
        } catch (HttpRefused refused) {
            if (VenueErrors.isUnknownSymbol(refused)) {
                throw new UnknownSymbol(request.address());
            }
            throw refused;
        }
    }

    private static Instant serverTime(HttpResponse response, String request) {
        try {
            long millis = Json.tree(response.body()).path("serverTime").asLong();
            if (millis > 0) {
                return Epoch.instant(TimeUnitProof.of(millis).toMicros(millis));
            }
        } catch (IOException | NumberFormatException unreadable) {
            throw new Corrupt(request + " answered no server time: " + unreadable.getMessage());
        }
        throw new Corrupt(request + " answered no server time");
    }
}
