package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Corrupt;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.VenueApi.TimeUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Trades from REST, page by page from a number on: many share one millisecond, so that pages by time would lose or repeat
 * some. Only the first number of a stretch is asked for by time.
 */
final class RestTrades {

    /** Futures answer for aggregates by time in windows below an hour. */
    private static final Duration WINDOW = Duration.ofMinutes(59);

    /** What futures REST still has of aggregates, and of trades for holders of a key; a little less than documented. */
    private static final Duration AGGREGATES_KEPT = Duration.ofHours(24).minusMinutes(5);

    private static final Duration TRADES_KEPT = Duration.ofDays(30);

    /** An aggregate of futures covers 100 ms: trades before its first one may lie inside the stretch, too. */
    private static final long NUMBERS_BEFORE = 200;

    private final VenueApi api;
    private final Market market;
    private final TickKind kind;
    private final Series series;
    private final String symbol;
    private final Instant now;

    RestTrades(VenueApi api, Market market, TickKind kind, Series series, String symbol, Instant now) {
        this.api = api;
        this.market = market;
        this.kind = kind;
        this.series = series;
        this.symbol = symbol;
        this.now = now;
    }

    /** Why REST need not be asked for trades of that time; empty when it serves them. */
    Optional<String> obstacle(Instant oldest) {
        if (!kind.isNumbered()) {
            return Optional.of("REST serves no " + series.dataset());
        }
        if (market == Market.SPOT) {
            return Optional.empty();
        }
        boolean aggregates = kind == TickKind.AGG_TRADES;
        if (!aggregates && !api.hasKey()) {
            return Optional.of("REST serves trades of futures to holders of an API key only");
        }
        Duration kept = aggregates ? AGGREGATES_KEPT : TRADES_KEPT;
        return oldest.isBefore(now.minus(kept))
                ? Optional.of("REST has " + series.dataset() + " of futures of the last "
                        + (aggregates ? "24 hours" : "30 days") + " only")
                : Optional.empty();
    }

    /** Since when there is something to be had: the start of the stretch, later on futures; empty when never. */
    Optional<Instant> servedFrom(Instant start) {
        if (!kind.isNumbered() || obstacle(now).isPresent()) {
            return Optional.empty();
        }
        if (obstacle(start).isEmpty()) {
            return Optional.of(start);
        }
        Instant since = now.minus(kind == TickKind.AGG_TRADES ? AGGREGATES_KEPT : TRADES_KEPT);
        return Optional.of(since.isAfter(start) ? since : start);
    }

    /** How many numbers before the first one found are asked for, too. */
    long numbersBefore() {
        return kind == TickKind.TRADES && market != Market.SPOT ? NUMBERS_BEFORE : 0;
    }

    /**
     * The first number of the stretch; on futures trades of up to {@link #numbersBefore} lower numbers may belong to it.
     *
     * @param sightings gets the answers
     */
    OptionalLong firstNumber(TimeRange stretch, List<Answer> sightings) throws UnknownSymbol {
        // Trades of an instrument are found by its aggregates: only those can be asked for by time.
        Series aggregates = series.with(TickKind.AGG_TRADES.dataset());
        for (Instant start = stretch.start(); start.isBefore(stretch.end()); ) {
            Instant end = market == Market.SPOT ? stretch.end() : earlier(start.plus(WINDOW), stretch.end());
            VenueApi.Page page = api.aggTrades(symbol, TimeRange.of(start, end), 1_000, TimeUnit.MILLIS);
            TradeJson.Page found = TradeJson.read(TickKind.AGG_TRADES, aggregates, page.body(), page.request());
            sightings.add(answer(page, TimeRange.of(start, end), 0, "looked for the first number"));
            if (found.rows().ids().length > 0) {
                return OptionalLong.of(
                        kind == TickKind.AGG_TRADES
                                ? found.rows().ids()[0]
                                : found.rows().rows().longs("first_id").value(0));
            }
            if (found.elements() > 0 && found.lastId() >= 0 && kind == TickKind.AGG_TRADES) {
                return OptionalLong.of(found.silent().get(0));
            }
            start = end;
        }
        return OptionalLong.empty();
    }

    /** Follows the numbers from {@code first} to {@code last}, both included, as long as their time lies before the end. */
    Walk walk(long first, long last, TimeRange stretch, TimeUnit unit) {
        return new Walk(first, last, stretch, unit);
    }

    /** One walk along the numbers. For one thread. */
    final class Walk {
        private final long last;
        private final TimeRange stretch;
        private final TimeUnit unit;
        private final List<QuarantinedRow> quarantined = new ArrayList<>();
        private final List<Long> silent = new ArrayList<>();
        private Optional<VenueApi.Page> firstPage = Optional.empty();
        private long next;
        private long pages;
        private long rows;
        private boolean ended;

        Walk(long first, long last, TimeRange stretch, TimeUnit unit) {
            this.next = first;
            this.last = last;
            this.stretch = stretch;
            this.unit = unit;
        }

        /** The next rows inside the numbers and the stretch, maybe none of a page; empty at the end. */
        Optional<NumberedRows> next() throws UnknownSymbol {
            if (ended || next > last) {
                return Optional.empty();
            }
            int limit = (int) Math.min(api.tradePageRows(kind), Math.max(1, last - next + 1));
            VenueApi.Page page = kind == TickKind.AGG_TRADES
                    ? api.aggTradesFrom(symbol, next, limit, unit)
                    : api.historicalTrades(symbol, next, limit, unit);
            TradeJson.Page found = TradeJson.read(kind, series, page.body(), page.request());
            pages++;
            if (firstPage.isEmpty()) {
                firstPage = Optional.of(page);
            }
            quarantined.addAll(found.quarantined());
            silent.addAll(found.silent());
            if (found.elements() == 0) {
                ended = true;
                return Optional.empty();
            }
            if (found.lastId() < next) {
                throw new Corrupt(page.request() + " answered only with numbers before the one asked for, up to "
                        + found.lastId() + ". Read again later");
            }
            next = found.lastId() + 1;
            NumberedRows all = found.rows();
            int from = 0;
            while (from < all.ids().length && all.rows().times().epochMicros(from) < stretch.startMicros()) {
                from++;
            }
            int to = from;
            while (to < all.ids().length
                    && all.ids()[to] <= last
                    && all.rows().times().epochMicros(to) < stretch.endMicros()) {
                to++;
            }
            ended = to < all.ids().length;
            rows += to - from;
            return Optional.of(all.slice(from, to));
        }

        /** Numbers that exist without a row. */
        List<Long> silent() {
            return silent;
        }

        List<QuarantinedRow> quarantined() {
            return quarantined;
        }

        /** One answer for the whole walk. */
        Optional<Answer> answer(TimeRange about, String note) {
            return firstPage.map(page -> RestTrades.answer(
                    page, about, rows, (pages == 1 ? "" : "and " + (pages - 1) + " more pages by number; ") + note));
        }
    }

    private static Answer answer(VenueApi.Page page, TimeRange range, long rows, String note) {
        return new Answer(
                range,
                RestKlines.ROUTE,
                page.request(),
                page.status(),
                "sha256:" + Sha256.hex(page.body()),
                "",
                rows,
                page.at(),
                note);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
