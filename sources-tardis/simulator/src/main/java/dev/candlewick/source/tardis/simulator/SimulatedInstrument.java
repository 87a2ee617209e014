package dev.candlewick.source.tardis.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An instrument that the simulated exchange lists.
 *
 * @param exchange as Tardis calls it
 * @param id as its files spell it
 * @param kind {@code spot}, {@code perpetual}, {@code future} or {@code option}
 * @param base the base currency
 * @param quote the quote currency
 * @param inverse whether it is settled in the base currency
 * @param price around which it trades
 * @param tick the step of prices
 * @param since the first day of its files
 * @param until the end of its files; empty while they go on
 * @param expiry of futures and options
 * @param strike of options
 */
record SimulatedInstrument(
        String exchange,
        String id,
        String kind,
        String base,
        String quote,
        boolean inverse,
        BigDecimal price,
        BigDecimal tick,
        Instant since,
        Optional<Instant> until,
        Optional<Instant> expiry,
        Optional<BigDecimal> strike) {

    private static final Instant SINCE = Instant.parse("2024-01-01T00:00:00Z");
    private static final Instant JUNE = Instant.parse("2025-06-27T08:00:00Z");

    private static final Map<String, String> GROUPS =
            Map.of("spot", "SPOT", "perpetual", "PERPETUALS", "future", "FUTURES", "option", "OPTIONS");

    /** What is listed unless told otherwise: enough of everything for a demo. */
    static List<SimulatedInstrument> standard() {
        return List.of(
                pair("binance", "BTCUSDT", "spot", "BTC", "USDT", false, "42000", "0.01"),
                pair("binance", "ETHUSDT", "spot", "ETH", "USDT", false, "2300", "0.01"),
                pair("binance", "ETHBTC", "spot", "ETH", "BTC", false, "0.05476", "0.00001"),
                pair("binance-futures", "BTCUSDT", "perpetual", "BTC", "USDT", false, "42010", "0.1"),
                pair("binance-futures", "ETHUSDT", "perpetual", "ETH", "USDT", false, "2301", "0.01"),
                dated("binance-futures", "BTCUSDT_250627", "BTC", "USDT", false, "43900", "0.1"),
                pair("deribit", "BTC-PERPETUAL", "perpetual", "BTC", "USD", true, "42005", "0.5"),
                pair("deribit", "ETH-PERPETUAL", "perpetual", "ETH", "USD", true, "2300.5", "0.05"),
                option("BTC-27JUN25-40000-C", "40000"),
                option("BTC-27JUN25-40000-P", "40000"),
                option("BTC-27JUN25-45000-C", "45000"),
                option("BTC-27JUN25-45000-P", "45000"),
                option("BTC-27JUN25-50000-C", "50000"),
                option("BTC-27JUN25-50000-P", "50000"));
    }

    static SimulatedInstrument pair(
            String exchange,
            String id,
            String kind,
            String base,
            String quote,
            boolean inverse,
            String price,
            String tick) {
        return new SimulatedInstrument(
                exchange,
                id,
                kind,
                base,
                quote,
                inverse,
                new BigDecimal(price),
                new BigDecimal(tick),
                SINCE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static SimulatedInstrument dated(
            String exchange, String id, String base, String quote, boolean inverse, String price, String tick) {
        return pair(exchange, id, "future", base, quote, inverse, price, tick).expiring(JUNE, Optional.empty());
    }

    private static SimulatedInstrument option(String id, String strike) {
        return pair("deribit", id, "option", "BTC", "USD", true, "0.05", "0.0005")
                .expiring(JUNE, Optional.of(new BigDecimal(strike)));
    }

    private SimulatedInstrument expiring(Instant at, Optional<BigDecimal> strikePrice) {
        return new SimulatedInstrument(
                exchange, id, kind, base, quote, inverse, price, tick, since, until, Optional.of(at), strikePrice);
    }

    /** The same with files of these days only. */
    SimulatedInstrument listed(Instant from, Optional<Instant> to) {
        return new SimulatedInstrument(exchange, id, kind, base, quote, inverse, price, tick, from, to, expiry, strike);
    }

    /** The group whose files it is in as well. */
    String group() {
        return GROUPS.getOrDefault(kind, "COMBOS");
    }

    boolean isCall() {
        return id.endsWith("-C");
    }

    /** As the venue's own interface spells it. */
    String rawId() {
        return exchange.startsWith("binance") ? id.toLowerCase(Locale.ROOT) : id;
    }

    /** The types of files that there are of it. */
    List<String> types() {
        return switch (kind) {
            case "spot" ->
                List.of(
                        "trades",
                        "incremental_book_L2",
                        "quotes",
                        "book_snapshot_5",
                        "book_snapshot_25",
                        "book_ticker");
            case "option" -> List.of("trades", "incremental_book_L2", "quotes", "book_snapshot_5", "book_snapshot_25");
            default ->
                List.of(
                        "trades",
                        "incremental_book_L2",
                        "quotes",
                        "book_snapshot_5",
                        "book_snapshot_25",
                        "book_ticker",
                        "derivative_ticker",
                        "liquidations");
        };
    }

    /** The types of files of the group. */
    static List<String> groupTypes(String group) {
        return switch (group) {
            case "SPOT" -> List.of("trades");
            case "FUTURES" -> List.of("trades", "incremental_book_L2", "derivative_ticker", "liquidations");
            case "OPTIONS" -> List.of("trades", "options_chain", "quotes");
            default -> List.of("trades", "derivative_ticker", "liquidations");
        };
    }
}
