package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When instruments came and went. Every answer costs requests, so it is only asked for when candles are missing at an end,
 * and remembered for as long as the source lives. Thread-safe.
 */
final class Listings {

    /** How many pages of daily candles to go back in search of the last trade: three years and more. */
    private static final int SEARCHED_PAGES = 10;

    private static final Instant EARLIEST = Instant.parse("1990-01-01T00:00:00Z");

    private final Market market;
    private final VenueApi api;
    private final Map<String, Start> starts = new ConcurrentHashMap<>();
    private final Map<String, Optional<End>> ends = new ConcurrentHashMap<>();

    /** The first candle there can be; empty when there is none at all yet. */
    record Start(Optional<Instant> at, String evidence) {}

    /** When trading ended; empty when it did but nobody knows when. */
    record End(Optional<Instant> at, String evidence) {}

    Listings(Market market, VenueApi api) {
        this.market = market;
        this.api = api;
    }

    Start start(Series series, Cadence.Grid grid, String symbol) throws UnknownSymbol {
        String key = symbol + " " + grid.interval();
        Start known = starts.get(key);
        if (known == null) {
            known = market == Market.COIN_MARGINED ? onboarding(symbol, grid) : firstCandle(series, grid, symbol);
            starts.put(key, known);
        }
        return known;
    }

    /** When the first candle opened, if that was asked before. Asks nobody. */
    Optional<Instant> knownStart(Cadence.Grid grid, String symbol) {
        return Optional.ofNullable(starts.get(symbol + " " + grid.interval())).flatMap(Start::at);
    }

    /** When trading ended, if it did. */
    Optional<End> end(Series series, Cadence.Grid grid, String symbol, Instant now) {
        String key = symbol + " " + grid.interval();
        Optional<End> known = ends.get(key);
        if (known == null) {
            Optional<BinanceSymbol> instrument = api.exchangeInfo().find(symbol);
            known = instrument.filter(BinanceSymbol::isAlive).isPresent()
                    ? Optional.empty()
                    : Optional.of(lastTrade(series, grid, symbol, now, instrument));
            ends.put(key, known);
        }
        return known;
    }

    private Start firstCandle(Series series, Cadence.Grid grid, String symbol) throws UnknownSymbol {
        VenueApi.Page page = api.firstKline(symbol, grid.interval());
        Batch rows = parse(series, grid.interval(), page);
        return rows.rows() == 0
                ? new Start(Optional.empty(), page.request() + " answered without any candle")
                : new Start(
                        Optional.of(Epoch.instant(grid.floor(rows.times().epochMicros(0)))),
                        "the first candle is that of " + rows.times().text(0) + ": " + page.request());
    }

    /** Coin-margined klines answer no more than 200 days, so the first candle cannot be asked for. */
    private Start onboarding(String symbol, Cadence.Grid grid) throws UnknownSymbol {
        Optional<BinanceSymbol> instrument = api.exchangeInfo().find(symbol);
        if (instrument.isEmpty()) {
            api.firstKline(symbol, grid.interval()); // says that it does not know the symbol, if so
            return new Start(Optional.empty(), "exchangeInfo does not list " + symbol);
        }
        Optional<Instant> from = instrument.flatMap(BinanceSymbol::listedFrom);
        return new Start(
                from.map(instant -> Epoch.instant(grid.floor(Epoch.micros(instant)))),
                "exchangeInfo names " + from.map(Instant::toString).orElse("nothing") + " as onboardDate of " + symbol);
    }

    private End lastTrade(
            Series series, Cadence.Grid grid, String symbol, Instant now, Optional<BinanceSymbol> instrument) {
        String status = instrument
                .map(known -> "exchangeInfo gives " + symbol + " the status " + known.status())
                .orElse("exchangeInfo does not list " + symbol + " any more");
        try {
            Optional<TimeRange> day = lastTradedDay(series, symbol, now);
            if (day.isEmpty()) {
                return new End(Optional.empty(), status);
            }
            if (grid.interval().isCalendar()) {
                return new End(Optional.of(Epoch.instant(grid.next(day.get().startMicros()))), status);
            }
            Batch rows = new RestKlines(api, market, series, grid, symbol)
                    .read(TimeRanges.of(day.get()), TimeRanges.none())
                    .rows();
            for (int row = rows.rows() - 1; row >= 0; row--) {
                if (!CandleRows.isFlat(rows, row)) {
                    Instant end = Epoch.instant(grid.next(rows.times().epochMicros(row)));
                    return new End(Optional.of(end), status + ", the last candle with trades ends at " + end);
                }
            }
            return new End(Optional.of(day.get().end()), status + ", the last trades were on that day");
        } catch (UnknownSymbol gone) {
            return new End(Optional.empty(), status + ", and " + gone.getMessage());
        }
    }

    private Optional<TimeRange> lastTradedDay(Series series, String symbol, Instant now) throws UnknownSymbol {
        Interval day = new Interval(1, Interval.Unit.DAY);
        Instant end = now;
        for (int page = 0; page < SEARCHED_PAGES; page++) {
            Batch rows = parse(series, day, api.lastKlines(symbol, day, end, market.pageRows()));
            for (int row = rows.rows() - 1; row >= 0; row--) {
                if (!CandleRows.isFlat(rows, row)) {
                    Instant open = Epoch.instant(day.floorMicros(rows.times().epochMicros(row), ZoneOffset.UTC));
                    return Optional.of(TimeRange.of(open, open.plus(Duration.ofDays(1))));
                }
            }
            if (rows.rows() == 0 || !Epoch.instant(rows.times().epochMicros(0)).isBefore(end)) {
                return Optional.empty();
            }
            end = Epoch.instant(rows.times().epochMicros(0));
        }
        return Optional.empty();
    }

    private static Batch parse(Series series, Interval interval, VenueApi.Page page) {
        TimeRange everything = TimeRange.of(EARLIEST, Instant.parse("2200-01-01T00:00:00Z"));
        byte[] csv = KlineJson.toCsv(page.body(), page.request());
        return new KlineCsvParser(series, interval, everything, page.request(), csv)
                .parse()
                .rows();
    }
}
