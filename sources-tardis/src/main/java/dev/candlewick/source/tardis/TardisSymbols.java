package dev.candlewick.source.tardis;

import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.instrument.Margin;
import dev.candlewick.instrument.OptionSide;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What files call an instrument, by the rules of each venue: for when no catalogue is at hand. Where a rule would have to
 * guess it gives nothing.
 */
final class TardisSymbols {

    private static final String QUARTERS = "H..M..U..Z";

    private TardisSymbols() {}

    /** A venue's symbol as files spell it: capital letters, {@code :} and {@code /} become {@code -}. */
    static String datasetId(String symbol) {
        return symbol.toUpperCase(Locale.ROOT).replace('/', '-').replace(':', '-');
    }

    /** What files of the exchange call the instrument, where its rules are known and leave no choice. */
    static Optional<String> of(String exchange, InstrumentKey key) {
        if (!key.type().isPair()) {
            return Optional.of(datasetId(key.code()));
        }
        String base = key.base().orElse("");
        String quote = key.quote().orElse("");
        if (key.type().isDerivative()) {
            Set<Margin> margins = margins(exchange, base, quote);
            if (margins.isEmpty() || !key.margin().map(margins::contains).orElse(true)) {
                return Optional.empty();
            }
        }
        return switch (key.type()) {
            case SPOT_PAIR -> spot(exchange, base, quote);
            case PERPETUAL -> perpetual(exchange, base, quote, key.margin());
            case FUTURE -> key.date().flatMap(date -> future(exchange, base, quote, key.margin(), date));
            case OPTION -> key.date().flatMap(date -> option(exchange, base, quote, key, date));
            default -> Optional.empty();
        };
    }

    private static Optional<String> spot(String exchange, String base, String quote) {
        return Optional.ofNullable(
                switch (exchange) {
                    case "binance", "binance-us", "bybit-spot" -> base + quote;
                    case "okex", "coinbase" -> base + "-" + quote;
                    case "kraken" -> bitcoin(base) + "-" + bitcoin(quote);
                    case "upbit" -> quote + "-" + base;
                    case "deribit" -> base + "_" + quote;
                    default -> null;
                });
    }

    /**
     * What contracts of the pair are settled in on the exchange, of those that the rules name: its contracts of any other
     * margin, if there are any, are called otherwise.
     */
    private static Set<Margin> margins(String exchange, String base, String quote) {
        boolean dollars = quote.equals("USD");
        boolean tether = quote.equals("USDT");
        boolean circle = quote.equals("USDC");
        return switch (exchange) {
            case "binance-futures" -> dollars ? Set.of() : Set.of(Margin.LINEAR);
            case "binance-delivery", "huobi-dm-swap", "okex-options" -> dollars ? Set.of(Margin.INVERSE) : Set.of();
            case "binance-european-options", "binance-options" -> tether ? Set.of(Margin.LINEAR) : Set.of();
            case "bybit-options" -> tether || circle ? Set.of(Margin.LINEAR) : Set.of();
            case "hyperliquid" -> dollars || circle ? Set.of(Margin.LINEAR) : Set.of();
            case "bybit" -> dollars ? Set.of(Margin.INVERSE) : tether || circle ? Set.of(Margin.LINEAR) : Set.of();
            case "okex-swap", "deribit" -> Set.of(dollars ? Margin.INVERSE : Margin.LINEAR);
            case "okex-futures" -> dollars ? Set.of(Margin.INVERSE, Margin.LINEAR) : Set.of(Margin.LINEAR);
            case "cryptofacilities" -> Set.of(Margin.INVERSE, Margin.LINEAR);
            case "bitmex" ->
                tether
                        ? Set.of(Margin.LINEAR)
                        : dollars ? Set.of(base.equals("BTC") ? Margin.INVERSE : Margin.QUANTO) : Set.of();
            default -> Set.of();
        };
    }

    private static Optional<String> perpetual(String exchange, String base, String quote, Optional<Margin> margin) {
        boolean dollars = quote.equals("USD");
        return Optional.ofNullable(
                switch (exchange) {
                    case "binance-futures" -> base + quote;
                    case "binance-delivery" -> base + quote + "_PERP";
                    case "bybit" -> quote.equals("USDC") ? base + "PERP" : base + quote;
                    case "okex-swap" -> base + "-" + quote + "-SWAP";
                    case "deribit" -> dollars ? base + "-PERPETUAL" : base + "_" + quote + "-PERPETUAL";
                    case "bitmex" -> bitcoin(base) + quote;
                    case "hyperliquid" -> base;
                    case "huobi-dm-swap" -> base + "-" + quote;
                    case "cryptofacilities" -> byMargin(margin, "PI_", "PF_", bitcoin(base) + quote);
                    default -> null;
                });
    }

    private static Optional<String> future(
            String exchange, String base, String quote, Optional<Margin> margin, LocalDate date) {
        String yymmdd = date.format(DateTimeFormatter.ofPattern("yyMMdd", Locale.ROOT));
        boolean dollars = quote.equals("USD");
        return Optional.ofNullable(
                switch (exchange) {
                    case "binance-futures", "binance-delivery" -> base + quote + "_" + yymmdd;
                    case "okex-futures" ->
                        !dollars
                                ? base + "-" + quote + "-" + yymmdd
                                : margin.map(known -> base + (known == Margin.LINEAR ? "-USD_UM-" : "-USD-") + yymmdd)
                                        .orElse(null);
                    case "deribit" -> (dollars ? base : base + "_" + quote) + "-" + shortDate(date);
                    case "bybit" -> bybitFuture(base, quote, date);
                    case "cryptofacilities" -> byMargin(margin, "FI_", "FF_", bitcoin(base) + quote + "_" + yymmdd);
                    default -> null;
                });
    }

    private static @org.jspecify.annotations.Nullable String bybitFuture(String base, String quote, LocalDate date) {
        if (!quote.equals("USD")) {
            // One digit or two for a day below ten is not settled by any recorded symbol.
            String day = date.getDayOfMonth() < 10 ? null : shortDate(date);
            return day == null ? null : quote.equals("USDC") ? base + "-" + day : base + quote + "-" + day;
        }
        boolean lastFriday = date.equals(date.with(TemporalAdjusters.lastInMonth(DayOfWeek.FRIDAY)));
        if (!lastFriday || date.getMonthValue() % 3 != 0) {
            return null;
        }
        char month = QUARTERS.charAt(date.getMonthValue() - 3);
        return base + quote + month + String.format(Locale.ROOT, "%02d", date.getYear() % 100);
    }

    private static Optional<String> option(
            String exchange, String base, String quote, InstrumentKey key, LocalDate date) {
        String strike = key.strike().map(value -> value.toPlainString()).orElse("");
        String side = key.optionSide()
                .map(value -> value == OptionSide.CALL ? "C" : "P")
                .orElse("");
        String yymmdd = date.format(DateTimeFormatter.ofPattern("yyMMdd", Locale.ROOT));
        return Optional.ofNullable(
                switch (exchange) {
                    case "deribit" ->
                        (quote.equals("USD") ? base : base + "_" + quote) + "-" + shortDate(date) + "-"
                                + strike.replace('.', 'D') + "-" + side;
                    case "okex-options" -> String.join("-", base, quote, yymmdd, strike, side);
                    case "binance-european-options", "binance-options" -> String.join("-", base, yymmdd, strike, side);
                    case "bybit-options" ->
                        date.getDayOfMonth() < 10
                                ? null
                                : String.join("-", base, shortDate(date), strike, side)
                                        + (quote.equals("USDT") ? "-USDT" : "");
                    default -> null;
                });
    }

    private static @org.jspecify.annotations.Nullable String byMargin(
            Optional<Margin> margin, String inverse, String linear, String rest) {
        return margin.map(known -> (known == Margin.INVERSE ? inverse : linear) + rest)
                .orElse(null);
    }

    private static String bitcoin(String asset) {
        return asset.equals("BTC") ? "XBT" : asset;
    }

    /** {@code 7NOV25}. */
    private static String shortDate(LocalDate date) {
        return date.format(DateTimeFormatter.ofPattern("dMMMyy", Locale.ENGLISH))
                .toUpperCase(Locale.ROOT);
    }

    /** Whether a subject's kind can name an instrument of which files may exist. */
    static boolean isTraded(InstrumentType type) {
        return type.isPair() || type == InstrumentType.COMBO || type == InstrumentType.RAW;
    }
}
