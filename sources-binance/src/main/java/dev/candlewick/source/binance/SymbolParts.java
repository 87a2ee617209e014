package dev.candlewick.source.binance;

import dev.candlewick.Subject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes symbols apart without asking anybody: {@code BTCUSDT} is {@code BTC} and {@code USDT}. File names carry the
 * symbol alone, so the assets that Binance quotes in have to be known; of two that fit, the longer one is meant. What
 * is not known here stays whole: nobody is served a guess.
 */
final class SymbolParts {

    private static final List<String> SPOT = longestFirst(
            "USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDP", "USDS", "USDSB", "USD1", "DAI", "PAX", "UST", "VAI",
            "EURI", "BTC", "ETH", "BNB", "XRP", "TRX", "DOGE", "DOT", "SOL", "EUR", "GBP", "AUD", "TRY", "BRL", "RUB",
            "UAH", "NGN", "ZAR", "ARS", "COP", "CZK", "JPY", "KRW", "MXN", "PLN", "RON", "IDRT", "BIDR", "BVND", "BKRW",
            "GYEN", "XUSD", "RLUSD");

    private static final List<String> USD_MARGINED = longestFirst("USDT", "USDC", "BUSD", "USD1", "BTC", "ETH");

    private static final Map<Market, List<String>> QUOTES =
            Map.of(Market.SPOT, SPOT, Market.USD_MARGINED, USD_MARGINED, Market.COIN_MARGINED, List.of("USD"));

    /** Quoted in AEUR, whose name also ends a base that ends in A and is quoted in EUR: {@code ADAEUR}. */
    private static final Map<String, String> IN_AEUR = Map.of("BTCAEUR", "BTC", "ETHAEUR", "ETH", "EURAEUR", "EUR");

    private static final Pattern SUFFIXED = Pattern.compile("(.+)_(PERP|[0-9]{6})");

    private SymbolParts() {}

    /** The subject that a symbol is the name of; empty when its quote asset is not known here. */
    static Optional<Subject> subject(Market market, String symbol) {
        Matcher suffixed = SUFFIXED.matcher(symbol);
        boolean suffix = market != Market.SPOT && suffixed.matches();
        if (market == Market.COIN_MARGINED && !suffix) {
            return Optional.empty();
        }
        String base = IN_AEUR.get(symbol);
        if (market == Market.SPOT && base != null) {
            return namely(market, symbol, base, "AEUR");
        }
        String pair = suffix ? suffixed.group(1) : symbol;
        for (String quote : QUOTES.getOrDefault(market, List.of())) {
            if (pair.endsWith(quote) && pair.length() > quote.length()) {
                return namely(market, symbol, pair.substring(0, pair.length() - quote.length()), quote);
            }
        }
        return Optional.empty();
    }

    private static Optional<Subject> namely(Market market, String symbol, String base, String quote) {
        try {
            Subject subject = Symbols.subject(market, symbol, base, quote);
            return Symbols.symbol(market, subject).equals(symbol) ? Optional.of(subject) : Optional.empty();
        } catch (IllegalArgumentException | dev.candlewick.Refused namesNothing) {
            return Optional.empty();
        }
    }

    private static List<String> longestFirst(String... quotes) {
        return Stream.of(quotes)
                .sorted(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
