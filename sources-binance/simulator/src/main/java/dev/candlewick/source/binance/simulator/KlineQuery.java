package dev.candlewick.source.binance.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One candle request, read by the rules of its market.
 *
 * @param market whose rules apply, by the host that was asked
 * @param startMillis inclusive, on the open time
 * @param endMillis inclusive, on the open time
 */
record KlineQuery(
        MarketType market,
        String symbol,
        KlineInterval interval,
        OptionalLong startMillis,
        OptionalLong endMillis,
        int limit) {
    private static final int DEFAULT_LIMIT = 500;
    private static final int SPOT_MAX_LIMIT = 1000;
    private static final int FUTURES_MAX_LIMIT = 1500;
    private static final long MICROS_FROM = 100_000_000_000_000L;
    private static final long SPOT_EPOCH_MILLIS =
            Instant.parse("2017-01-01T00:00:00Z").toEpochMilli();
    private static final Duration COIN_MARGINED_SPAN = Duration.ofDays(200);
    private static final Set<String> SPOT_PARAMETERS =
            Set.of("symbol", "interval", "startTime", "endTime", "timeZone", "limit");

    static KlineQuery of(MarketType market, IncomingRequest request) {
        String symbol = mandatory(request, "symbol");
        KlineInterval interval = KlineInterval.parse(mandatory(request, "interval"))
                .filter(each -> each.tradedOn(market))
                .orElseThrow(() -> ApiRefusal.badRequest(-1120, "Invalid interval."));
        if (market == MarketType.SPOT
                && !SPOT_PARAMETERS.containsAll(request.query().keySet())) {
            throw ApiRefusal.badRequest(
                    -1101, "Too many parameters; expected at most '" + SPOT_PARAMETERS.size() + "'.");
        }
        OptionalLong start = time(market, request, "startTime", 999);
        OptionalLong end = time(market, request, "endTime", 0);
        if (market != MarketType.SPOT && start.isPresent() && end.isPresent() && start.getAsLong() > end.getAsLong()) {
            throw ApiRefusal.badRequest(-1023, "startTime is greater than endTime.");
        }
        return new KlineQuery(market, symbol, interval, start, end, limit(market, request));
    }

    private static String mandatory(IncomingRequest request, String name) {
        return request.parameter(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> ApiRefusal.badRequest(
                        -1102, "Mandatory parameter '" + name + "' was not sent, was empty/null, or malformed."));
    }

    private static OptionalLong time(MarketType market, IncomingRequest request, String name, int roundUpMicros) {
        Optional<String> text = request.parameter(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        long value = number(name, text.get());
        if (market == MarketType.SPOT && value >= MICROS_FROM) {
            value = (value + roundUpMicros) / 1000;
        }
        return OptionalLong.of(value);
    }

    private static int limit(MarketType market, IncomingRequest request) {
        long limit =
                request.parameter("limit").map(text -> number("limit", text)).orElse((long) DEFAULT_LIMIT);
        long max = market == MarketType.SPOT ? SPOT_MAX_LIMIT : FUTURES_MAX_LIMIT;
        if (limit == 0 || (limit > max && market != MarketType.SPOT)) {
            throw ApiRefusal.badRequest(-1130, "Data sent for parameter 'limit' is not valid.");
        }
        return (int) Math.min(limit, max);
    }

    private static long number(String name, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw ApiRefusal.badRequest(
                    -1100, "Illegal characters found in parameter '" + name + "'; legal range is '^[0-9]{1,20}$'.");
        }
        return Long.parseLong(text);
    }

    /** The candles that the venue answers at an instant; the last one may still be open. */
    List<Bar> select(CandleSeries series, long nowMillis) {
        List<Bar> bars = market == MarketType.COIN_MARGINED ? latest(series, nowMillis) : usual(series, nowMillis);
        return withOpenCandle(bars, series, nowMillis);
    }

    /** Spot and USD-margined: oldest from startTime on; without it, the most recent. */
    private List<Bar> usual(CandleSeries series, long nowMillis) {
        long start = clamped(startMillis.orElse(Long.MIN_VALUE), nowMillis);
        long end = Math.min(clamped(endMillis.orElse(nowMillis), nowMillis), nowMillis) + 1;
        return startMillis.isPresent()
                ? series.first(interval, start, end, limit)
                : series.last(interval, Long.MIN_VALUE, end, limit);
    }

    /** Spot moves times before its own beginning to it, so seconds sent as milliseconds find nothing and no error. */
    private long clamped(long millis, long nowMillis) {
        if (market != MarketType.SPOT || millis == Long.MIN_VALUE) {
            return millis;
        }
        return Math.max(SPOT_EPOCH_MILLIS, Math.min(millis, nowMillis + 10_000));
    }

    /** Coin-margined: a window of at most 200 days, of which the most recent rows come back. */
    private List<Bar> latest(CandleSeries series, long nowMillis) {
        long span = COIN_MARGINED_SPAN.toMillis();
        if (startMillis.isEmpty() && endMillis.isEmpty()) {
            return series.last(interval, Long.MIN_VALUE, nowMillis + 1, limit);
        }
        long start = startMillis.orElseGet(() -> endMillis.getAsLong() - span);
        long end = endMillis.orElseGet(() -> startMillis.getAsLong() + span);
        if (end - start > span) {
            throw ApiRefusal.badRequest(-1127, "More than 200 days between startTime and endTime.");
        }
        return series.last(interval, start, Math.min(end, nowMillis) + 1, limit);
    }

    private List<Bar> withOpenCandle(List<Bar> bars, CandleSeries series, long nowMillis) {
        if (bars.isEmpty() || bars.get(bars.size() - 1).closeMillis() < nowMillis) {
            return bars;
        }
        List<Bar> changed = new ArrayList<>(bars.subList(0, bars.size() - 1));
        series.openAt(interval, nowMillis).ifPresent(changed::add);
        return changed;
    }
}
