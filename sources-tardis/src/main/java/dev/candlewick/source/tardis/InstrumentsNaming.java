package dev.candlewick.source.tardis;

import static dev.candlewick.instrument.Margin.INVERSE;
import static dev.candlewick.instrument.Margin.LINEAR;

import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.instrument.Margin;
import dev.candlewick.instrument.OptionSide;
import dev.candlewick.instrument.Venues;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys from the symbols of datasets alone: the fallback where a venue's metadata says too little. Where the spelling of a
 * venue leaves something open, nothing is guessed and there is no key. {@link TardisSymbols} goes the other way.
 */
final class InstrumentsNaming {

    private static final String DIGITS = "([0-9]{6})";
    private static final String NAMED = "([0-9]{1,2}[A-Z]{3}[0-9]{2})";
    private static final String STRIKE = "([0-9]+(?:[.D][0-9]+)?)";

    private static final Pattern BINANCE_DATED = Pattern.compile("(.+)_" + DIGITS);
    private static final Pattern BINANCE_OPTION = Pattern.compile("([^-]+)-" + DIGITS + "-" + STRIKE + "-([CP])");
    private static final Pattern BYBIT_DATED = Pattern.compile("(.+)-" + NAMED);
    private static final Pattern BYBIT_MONTH = Pattern.compile("(.+)USD([A-Z][0-9]{2})");
    private static final Pattern BYBIT_OPTION =
            Pattern.compile("([^-]+)-" + NAMED + "-" + STRIKE + "-([CP])(?:-([^-]+))?");
    private static final Pattern OKX =
            Pattern.compile("([^-]+)-([^-]+?)(_UM)?(?:-(SWAP|" + DIGITS + ")(?:-" + STRIKE + "-([CP]))?)?");
    private static final Pattern DERIBIT =
            Pattern.compile("([^-_]+)(?:_([^-_]+))?-(PERPETUAL|" + NAMED + ")(?:-" + STRIKE + "-([CP]))?");
    private static final Pattern DERIBIT_SPOT = Pattern.compile("([^-_]+)_([^-_]+)");
    private static final Pattern BITMEX = Pattern.compile("XBT(USD|[A-Z][0-9]{2})");
    private static final Pattern KRAKEN_FUTURES = Pattern.compile("([PF])([IFV])_(.+?)(?:_" + DIGITS + ")?");
    private static final Pattern PAIR = Pattern.compile("([^-]+)-([^-]+)");

    /** Quote assets that may end a symbol without separator, of two that fit the longer first. */
    private static final List<String> SPOT_QUOTES = List.of(
            "FDUSD", "USDSB", "BIDR", "BKRW", "BUSD", "BVND", "EURI", "GYEN", "IDRT", "RLUSD", "TUSD", "USD1", "USDC",
            "USDE", "USDP", "USDS", "USDT", "XUSD", "ARS", "AUD", "BNB", "BRL", "BTC", "COP", "CZK", "DAI", "DOT",
            "ETH", "EUR", "GBP", "JPY", "KRW", "MNT", "MXN", "NGN", "PAX", "PLN", "RON", "RUB", "SOL", "TRX", "TRY",
            "UAH", "UST", "VAI", "XRP", "ZAR", "DOGE");
    /** Quoted in AEUR, whose name also ends a base that ends in A and is quoted in EUR: {@code ADAEUR}. */
    private static final Set<String> IN_AEUR = Set.of("BTCAEUR", "ETHAEUR", "EURAEUR");

    private static final List<String> LINEAR_QUOTES = List.of("USDT", "USDC", "BUSD", "BTC");
    private static final List<String> KRAKEN_FUTURES_QUOTES = List.of("USDT", "USD", "EUR", "XBT");

    /** Assets that a venue calls otherwise than everybody: its name, then the common one. */
    private static final Map<String, Map<String, String>> OWN_NAMES = Map.of(
            "BITMEX", Map.of("XBT", "BTC"),
            "CRYPTOFACILITIES", Map.of("XBT", "BTC"),
            "KRAKEN", Map.of("XBT", "BTC", "XDG", "DOGE"),
            "BITFINEX-DERIVATIVES", Map.of("UST", "USDT"));

    private InstrumentsNaming() {}

    /**
     * The key of the instrument whose files are called so.
     *
     * @param exchange as Tardis calls it
     * @param symbol the dataset id
     */
    static Optional<InstrumentKey> key(String exchange, String symbol) {
        String venue = Venues.canonical(exchange);
        try {
            return switch (exchange) {
                case "binance", "bybit-spot" ->
                    split(symbol, IN_AEUR.contains(symbol) ? List.of("AEUR") : SPOT_QUOTES)
                            .map(pair -> InstrumentKey.spot(venue, pair.base, pair.quote));
                case "binance-futures" -> binance(venue, symbol, LINEAR_QUOTES, LINEAR);
                case "binance-delivery" -> binanceDelivery(venue, symbol);
                case "binance-european-options" -> binanceOption(venue, symbol);
                case "bybit" -> bybit(venue, symbol);
                case "bybit-options" -> bybitOption(venue, symbol);
                case "okex", "okex-swap", "okex-futures", "okex-options" -> okx(venue, symbol);
                case "okex-spreads" -> Optional.of(InstrumentKey.of(venue, InstrumentType.COMBO, symbol));
                case "deribit" -> deribit(venue, symbol);
                case "bitmex" -> bitmex(venue, symbol);
                case "cryptofacilities" -> krakenFutures(venue, symbol);
                case "kraken" ->
                    pair(PAIR, symbol)
                            .map(pair ->
                                    InstrumentKey.spot(venue, common(venue, pair.base), common(venue, pair.quote)));
                case "bitfinex-derivatives" -> bitfinex(venue, symbol);
                case "upbit" -> pair(PAIR, symbol).map(pair -> InstrumentKey.spot(venue, pair.quote, pair.base));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException namesNothing) {
            return Optional.empty();
        }
    }

    private record Pair(String base, String quote) {}

    private static Optional<InstrumentKey> binance(String venue, String symbol, List<String> quotes, Margin margin) {
        Matcher dated = BINANCE_DATED.matcher(symbol);
        if (dated.matches()) {
            return split(dated.group(1), quotes)
                    .flatMap(pair -> future(venue, pair, margin, InstrumentsDates.ofDigits(dated.group(2))));
        }
        return symbol.indexOf('_') >= 0
                ? Optional.empty()
                : split(symbol, quotes).map(pair -> InstrumentKey.perpetual(venue, pair.base, pair.quote, margin));
    }

    private static Optional<InstrumentKey> binanceDelivery(String venue, String symbol) {
        String perpetual = "USD_PERP";
        if (symbol.endsWith(perpetual)) {
            String base = symbol.substring(0, symbol.length() - perpetual.length());
            return Optional.of(InstrumentKey.perpetual(venue, base, "USD", INVERSE));
        }
        return BINANCE_DATED.matcher(symbol).matches()
                ? binance(venue, symbol, List.of("USD"), INVERSE)
                : Optional.empty();
    }

    private static Optional<InstrumentKey> binanceOption(String venue, String symbol) {
        Matcher option = BINANCE_OPTION.matcher(symbol);
        return option.matches()
                ? option(
                        venue,
                        new Pair(option.group(1), "USDT"),
                        LINEAR,
                        InstrumentsDates.ofDigits(option.group(2)),
                        option.group(3),
                        option.group(4))
                : Optional.empty();
    }

    private static Optional<InstrumentKey> bybit(String venue, String symbol) {
        Matcher dated = BYBIT_DATED.matcher(symbol);
        if (dated.matches()) {
            // The bare form, BTC-01DEC23, does not say what it is settled in.
            return split(dated.group(1), LINEAR_QUOTES)
                    .flatMap(pair -> future(venue, pair, LINEAR, InstrumentsDates.ofMonthName(dated.group(2))));
        }
        Matcher month = BYBIT_MONTH.matcher(symbol);
        if (month.matches()) {
            return future(
                    venue, new Pair(month.group(1), "USD"), INVERSE, InstrumentsDates.ofMonthCode(month.group(2)));
        }
        if (symbol.endsWith("PERP") && symbol.length() > 4) {
            String base = symbol.substring(0, symbol.length() - 4);
            return Optional.of(InstrumentKey.perpetual(venue, base, "USDC", LINEAR));
        }
        return split(symbol, List.of("USDT"))
                .map(pair -> InstrumentKey.perpetual(venue, pair.base, pair.quote, LINEAR))
                .or(() -> split(symbol, List.of("USD"))
                        .map(pair -> InstrumentKey.perpetual(venue, pair.base, pair.quote, INVERSE)));
    }

    private static Optional<InstrumentKey> bybitOption(String venue, String symbol) {
        Matcher option = BYBIT_OPTION.matcher(symbol);
        if (!option.matches()) {
            return Optional.empty();
        }
        String quote = Optional.ofNullable(option.group(5)).orElse("USDC");
        return option(
                venue,
                new Pair(option.group(1), quote),
                LINEAR,
                InstrumentsDates.ofMonthName(option.group(2)),
                option.group(3),
                option.group(4));
    }

    private static Optional<InstrumentKey> okx(String venue, String symbol) {
        Matcher matcher = OKX.matcher(symbol);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Pair pair = new Pair(matcher.group(1), matcher.group(2));
        Optional<String> contract = Optional.ofNullable(matcher.group(4));
        if (contract.isEmpty()) {
            return venue.equals("OKX")
                    ? Optional.of(InstrumentKey.spot(venue, pair.base, pair.quote))
                    : Optional.empty();
        }
        // _UM is all that tells a contract margined in dollars from the one margined in the coin.
        Margin margin = pair.quote.equals("USD") && matcher.group(3) == null ? INVERSE : LINEAR;
        if (contract.get().equals("SWAP")) {
            return Optional.of(InstrumentKey.perpetual(venue, pair.base, pair.quote, margin));
        }
        Optional<LocalDate> date = InstrumentsDates.ofDigits(contract.get());
        return matcher.group(6) == null
                ? future(venue, pair, margin, date)
                : option(venue, pair, margin, date, matcher.group(6), matcher.group(7));
    }

    private static Optional<InstrumentKey> deribit(String venue, String symbol) {
        Matcher spot = DERIBIT_SPOT.matcher(symbol);
        if (spot.matches()) {
            return Optional.of(InstrumentKey.spot(venue, spot.group(1), spot.group(2)));
        }
        Matcher matcher = DERIBIT.matcher(symbol);
        if (!matcher.matches()) {
            return symbol.indexOf('-') > 0
                    ? Optional.of(InstrumentKey.of(venue, InstrumentType.COMBO, symbol))
                    : Optional.empty();
        }
        Optional<String> quote = Optional.ofNullable(matcher.group(2));
        Pair pair = new Pair(matcher.group(1), quote.orElse("USD"));
        Margin margin = quote.isPresent() ? LINEAR : INVERSE;
        if (matcher.group(3).equals("PERPETUAL")) {
            return matcher.group(5) == null
                    ? Optional.of(InstrumentKey.perpetual(venue, pair.base, pair.quote, margin))
                    : Optional.empty();
        }
        Optional<LocalDate> date = InstrumentsDates.ofMonthName(matcher.group(3));
        return matcher.group(5) == null
                ? future(venue, pair, margin, date)
                : option(venue, pair, margin, date, matcher.group(5), matcher.group(6));
    }

    private static Optional<InstrumentKey> bitmex(String venue, String symbol) {
        // Whether other contracts are linear, inverse or quanto only the metadata says.
        Matcher matcher = BITMEX.matcher(symbol);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return matcher.group(1).equals("USD")
                ? Optional.of(InstrumentKey.perpetual(venue, "BTC", "USD", INVERSE))
                : future(venue, new Pair("BTC", "USD"), INVERSE, InstrumentsDates.ofMonthCode(matcher.group(1)));
    }

    private static Optional<InstrumentKey> krakenFutures(String venue, String symbol) {
        Matcher matcher = KRAKEN_FUTURES.matcher(symbol);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Margin margin = matcher.group(2).equals("I") ? INVERSE : LINEAR;
        Optional<Pair> pair = split(matcher.group(3), KRAKEN_FUTURES_QUOTES)
                .map(each -> new Pair(common(venue, each.base), common(venue, each.quote)));
        boolean perpetual = matcher.group(1).equals("P");
        if (perpetual) {
            return matcher.group(4) == null
                    ? pair.map(each -> InstrumentKey.perpetual(venue, each.base, each.quote, margin))
                    : Optional.empty();
        }
        return matcher.group(4) == null
                ? Optional.empty()
                : pair.flatMap(each -> future(venue, each, margin, InstrumentsDates.ofDigits(matcher.group(4))));
    }

    private static Optional<InstrumentKey> bitfinex(String venue, String symbol) {
        return pair(PAIR, symbol)
                .filter(pair -> pair.base.endsWith("F0") && pair.quote.endsWith("F0"))
                .map(pair -> InstrumentKey.perpetual(
                        venue,
                        common(venue, pair.base.substring(0, pair.base.length() - 2)),
                        common(venue, pair.quote.substring(0, pair.quote.length() - 2)),
                        LINEAR));
    }

    private static Optional<InstrumentKey> future(String venue, Pair pair, Margin margin, Optional<LocalDate> date) {
        return date.map(day -> InstrumentKey.future(venue, pair.base, pair.quote, margin, day));
    }

    private static Optional<InstrumentKey> option(
            String venue, Pair pair, Margin margin, Optional<LocalDate> date, String strike, String side) {
        return date.map(day -> InstrumentKey.option(
                venue,
                pair.base,
                pair.quote,
                margin,
                day,
                new BigDecimal(strike.replace('D', '.')),
                OptionSide.parse(side)));
    }

    private static Optional<Pair> split(String symbol, List<String> quotes) {
        return quotes.stream()
                .filter(quote -> symbol.endsWith(quote) && symbol.length() > quote.length())
                .max(java.util.Comparator.comparing(String::length))
                .map(quote -> new Pair(symbol.substring(0, symbol.length() - quote.length()), quote));
    }

    private static Optional<Pair> pair(Pattern pattern, String symbol) {
        Matcher matcher = pattern.matcher(symbol);
        return matcher.matches() ? Optional.of(new Pair(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    private static String common(String venue, String asset) {
        return OWN_NAMES.getOrDefault(venue, Map.of()).getOrDefault(asset, asset);
    }
}
