package dev.candlewick.source.binance;

import dev.candlewick.Refused;
import dev.candlewick.Subject;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Subjects and the symbols that Binance knows them by. */
final class Symbols {

    private static final Pattern DATED = Pattern.compile("(.+)-([0-9]{6})");
    private static final Pattern PAIR = Pattern.compile("(.+)-([^-]+)");
    private static final Map<Market, String> MARGIN = Map.of(Market.USD_MARGINED, "@LIN", Market.COIN_MARGINED, "@INV");

    private Symbols() {}

    /** {@code BINANCE:SPOT_PAIR:BTC-USDT} → {@code BTCUSDT}. */
    static String symbol(Market market, Subject subject) {
        requireMarket(market, subject);
        boolean future = subject.kind().equals("FUTURE");
        String code = subject.code();
        String suffix = market == Market.COIN_MARGINED && !future ? "_PERP" : "";
        if (future) {
            Matcher dated = DATED.matcher(code);
            if (!dated.matches()) {
                throw unreadable(market, subject);
            }
            code = dated.group(1);
            suffix = "_" + dated.group(2);
        }
        String margin = MARGIN.getOrDefault(market, "");
        if (!margin.isEmpty() && code.endsWith(margin)) {
            code = code.substring(0, code.length() - margin.length());
        }
        Matcher pair = PAIR.matcher(code);
        if (code.indexOf('@') >= 0 || !pair.matches()) {
            throw unreadable(market, subject);
        }
        return pair.group(1) + pair.group(2) + suffix;
    }

    /** The subject of an instrument, in the qualified form that stays unique. */
    static Subject subject(Market market, String symbol, String base, String quote) {
        String code = base + "-" + quote + MARGIN.getOrDefault(market, "");
        if (market == Market.SPOT) {
            return new Subject(market.venue(), "SPOT_PAIR", code);
        }
        int underscore = symbol.lastIndexOf('_');
        String date = underscore < 0 ? "" : symbol.substring(underscore + 1);
        return date.matches("[0-9]{6}")
                ? new Subject(market.venue(), "FUTURE", code + "-" + date)
                : new Subject(market.venue(), "PERPETUAL", code);
    }

    static boolean belongs(Market market, Subject subject) {
        return subject.venue().equals(market.venue())
                && (market == Market.SPOT
                        ? subject.kind().equals("SPOT_PAIR")
                        : subject.kind().equals("PERPETUAL") || subject.kind().equals("FUTURE"));
    }

    private static void requireMarket(Market market, Subject subject) {
        if (belongs(market, subject)) {
            return;
        }
        for (Market other : Market.values()) {
            if (belongs(other, subject)) {
                throw new Refused(subject + " is not on binance:" + market + "; read it from binance:" + other);
            }
        }
        throw new Refused(subject + " is not on binance:" + market + ", whose subjects look like " + example(market));
    }

    private static Refused unreadable(Market market, Subject subject) {
        return new Refused("The code of " + subject + " names no instrument of binance:" + market
                + "; expected something like " + example(market));
    }

    private static String example(Market market) {
        return switch (market) {
            case SPOT -> "BINANCE:SPOT_PAIR:BTC-USDT";
            case USD_MARGINED -> "BINANCE-FUTURES:PERPETUAL:BTC-USDT or BINANCE-FUTURES:FUTURE:BTC-USDT-250627";
            case COIN_MARGINED -> "BINANCE-DELIVERY:PERPETUAL:BTC-USD or BINANCE-DELIVERY:FUTURE:BTC-USD-250627";
        };
    }
}
