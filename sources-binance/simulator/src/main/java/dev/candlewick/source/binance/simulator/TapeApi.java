package dev.candlewick.source.binance.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Trades, aggregates and funding over REST, by the rules of each market. */
final class TapeApi {
    private static final int MOST_ROWS = 1_000;
    private static final int MOST_OLD_TRADES_OF_FUTURES = 500;
    private static final Duration FUTURES_WINDOW = Duration.ofHours(1);
    private static final Duration FUTURES_AGGREGATES_KEPT = Duration.ofHours(24);
    private static final Duration FUTURES_TRADES_KEPT = Duration.ofDays(31);

    private final MarketType market;
    private final Catalog.Listed listed;
    private final long nowMillis;

    TapeApi(MarketType market, Catalog.Listed listed, Instant now) {
        this.market = market;
        this.listed = listed;
        this.nowMillis = now.toEpochMilli();
    }

    Reply aggregates(IncomingRequest request, TimeFormat times, UnaryOperator<List<String[]>> tampering) {
        int limit = limit(request, MOST_ROWS);
        boolean byNumber = request.parameter("fromId").isPresent();
        boolean byTime = request.parameter("startTime").isPresent();
        long oldest = market == MarketType.SPOT ? Long.MIN_VALUE : nowMillis - FUTURES_AGGREGATES_KEPT.toMillis();
        List<Trade> found;
        if (byNumber) {
            if (market != MarketType.SPOT && byTime) {
                throw ApiRefusal.badRequest(-1128, "Combination of optional parameters invalid.");
            }
            found =
                    listed
                            .tape()
                            .from(TradeTape.Kind.AGGREGATES, number(request, "fromId"), nowMillis + 1, limit)
                            .stream()
                            .filter(trade -> trade.millis() >= oldest)
                            .toList();
        } else if (byTime) {
            long start = number(request, "startTime");
            long end = request.parameter("endTime").isPresent() ? number(request, "endTime") : nowMillis;
            if (market != MarketType.SPOT && end - start >= FUTURES_WINDOW.toMillis()) {
                throw ApiRefusal.badRequest(-1127, "More than 1 hour between startTime and endTime.");
            }
            found = listed.tape()
                    .between(TradeTape.Kind.AGGREGATES, Math.max(start, oldest), Math.min(end, nowMillis) + 1, limit);
        } else {
            throw ApiRefusal.badRequest(-1102, "The simulator answers by fromId or startTime only.");
        }
        return reply(TapeFile.Content.AGGREGATES, found, times, tampering);
    }

    Reply oldTrades(IncomingRequest request, TimeFormat times, UnaryOperator<List<String[]>> tampering) {
        boolean spot = market == MarketType.SPOT;
        if (!spot && request.header("x-mbx-apikey").isEmpty()) {
            throw new ApiRefusal(401, -2014, "API-key format invalid.");
        }
        int limit = limit(request, spot ? MOST_ROWS : MOST_OLD_TRADES_OF_FUTURES);
        long oldest = spot ? Long.MIN_VALUE : nowMillis - FUTURES_TRADES_KEPT.toMillis();
        List<Trade> found =
                listed.tape().from(TradeTape.Kind.TRADES, number(request, "fromId"), nowMillis + 1, limit).stream()
                        .filter(trade -> trade.millis() >= oldest)
                        .toList();
        return reply(TapeFile.Content.TRADES, found, times, tampering);
    }

    Reply funding(IncomingRequest request) {
        long start = number(request, "startTime");
        long end = Math.min(number(request, "endTime"), nowMillis);
        Json json = new Json().open('[');
        List<FundingTape.Event> events =
                new FundingTape(listed.instrument()).between(start, end + 1, limit(request, MOST_ROWS));
        for (FundingTape.Event event : events) {
            json.object(
                    "symbol", listed.instrument().symbol(),
                    "fundingTime", event.millis(),
                    "fundingRate", event.rate().toPlainString(),
                    "markPrice", event.markPrice().toPlainString());
        }
        return Reply.jsonRows(Reply.utf8(json.close(']').toString()), events.size());
    }

    private Reply reply(
            TapeFile.Content content, List<Trade> found, TimeFormat times, UnaryOperator<List<String[]>> tampering) {
        TapeText text = new TapeText(listed.instrument());
        List<String[]> rows = tampering.apply(text.fields(content, found, times));
        return Reply.jsonRows(text.json(content, rows), rows.size());
    }

    private static int limit(IncomingRequest request, int most) {
        long limit = request.parameter("limit").map(Long::parseLong).orElse(500L);
        if (limit < 1 || limit > most) {
            throw ApiRefusal.badRequest(-1130, "Data sent for parameter 'limit' is not valid.");
        }
        return (int) limit;
    }

    private static long number(IncomingRequest request, String name) {
        return request.parameter(name)
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElseThrow(() -> ApiRefusal.badRequest(
                        -1102, "Mandatory parameter '" + name + "' was not sent, was empty/null, or malformed."));
    }
}
