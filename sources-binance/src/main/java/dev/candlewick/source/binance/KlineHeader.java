package dev.candlewick.source.binance;

import dev.candlewick.Corrupt;
import dev.candlewick.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The column names of kline files: which are known for each place, and what the place is called here. */
final class KlineHeader {

    private static final List<Set<String>> KNOWN = List.of(
            Set.of("open_time"),
            Set.of("open"),
            Set.of("high"),
            Set.of("low"),
            Set.of("close"),
            Set.of("volume"),
            Set.of("close_time"),
            Set.of("quote_volume", "quote_asset_volume", "base_asset_volume"),
            Set.of("count", "trades", "number_of_trades"),
            Set.of("taker_buy_volume", "taker_buy_base_volume", "taker_buy_base_asset_volume"),
            Set.of("taker_buy_quote_volume", "taker_buy_quote_asset_volume", "taker_buy_base_asset_volume"),
            Set.of("ignore"));

    private static final int LONGEST_SHOWN = 300;

    private KlineHeader() {}

    /** Refuses a file whose header names other columns, or in another order. */
    static void check(String header, String file) {
        String[] names = header.toLowerCase(Locale.ROOT).split(",", -1);
        boolean known = names.length == KNOWN.size();
        for (int i = 0; known && i < names.length; i++) {
            known = KNOWN.get(i).contains(names[i].strip());
        }
        if (!known) {
            throw new Corrupt(file + " has columns this version does not know: '" + shown(header)
                    + "'; expected open_time,open,high,low,close,volume,close_time,quote_volume,count,"
                    + "taker_buy_volume,taker_buy_quote_volume,ignore");
        }
    }

    /** As much of it as a message has room for. */
    static String shown(String header) {
        return header.length() > LONGEST_SHOWN ? header.substring(0, LONGEST_SHOWN) + "…" : header;
    }

    /** What the field of that place is called in the schema. */
    static String name(int field) {
        List<String> names = Schema.CANDLES.names();
        return field >= 0 && field < names.size() ? names.get(field) : field == names.size() ? "ignore" : "";
    }
}
