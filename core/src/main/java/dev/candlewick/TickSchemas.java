package dev.candlewick;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns of ticks, named as Tardis names them.
 *
 * <p>Ticks are ordered and ranged by {@code local_timestamp}, when a recorder received them: so the files of recorders
 * are cut, a file is then one unit of work, and the order in which a book changed is kept. {@code timestamp} is the
 * venue's own time, which may step back. Whoever knows one clock only writes it to both. Nothing makes a tick unique, not
 * even its id, so there is no key.
 *
 * <p>Twelve places behind the point hold every tick size listed today (10<sup>-12</sup> at the least); prices below nine
 * million stay in 64 bits. What venues compute rather than trade in (marks, indices) has more digits and gets 18, rates 24.
 */
final class TickSchemas {

    private static final Field TIMESTAMP = Field.time("timestamp");
    private static final Field LOCAL_TIMESTAMP = Field.time("local_timestamp");

    static final Schema TRADES =
            byArrival(Field.text("id").orNull(), Field.text("side"), traded("price"), traded("amount"));

    static final Schema BOOK_CHANGES =
            byArrival(Field.bool("is_snapshot"), Field.text("side"), traded("price"), traded("amount"));

    static final Schema TOP = byArrival(
            traded("ask_amount").orNull(),
            traded("ask_price").orNull(),
            traded("bid_price").orNull(),
            traded("bid_amount").orNull());

    static final Schema DERIVATIVE_TICKER = byArrival(
            Field.time("funding_timestamp").orNull(),
            rate("funding_rate").orNull(),
            rate("predicted_funding_rate").orNull(),
            computed("open_interest").orNull(),
            computed("last_price").orNull(),
            computed("index_price").orNull(),
            computed("mark_price").orNull());

    /** Volatilities as the venue prints them, percent or fraction, and as fractions. */
    static final Schema OPTIONS_CHAIN = byArrival(
            Field.text("symbol"),
            Field.text("type"),
            traded("strike_price"),
            Field.time("expiration"),
            computed("open_interest").orNull(),
            computed("last_price").orNull(),
            computed("bid_price").orNull(),
            computed("bid_amount").orNull(),
            Field.float64("bid_iv").orNull(),
            computed("ask_price").orNull(),
            computed("ask_amount").orNull(),
            Field.float64("ask_iv").orNull(),
            computed("mark_price").orNull(),
            Field.float64("mark_iv").orNull(),
            Field.text("underlying_index").orNull(),
            computed("underlying_price").orNull(),
            Field.float64("delta").orNull(),
            Field.float64("gamma").orNull(),
            Field.float64("vega").orNull(),
            Field.float64("theta").orNull(),
            Field.float64("rho").orNull(),
            Field.float64("bid_iv_fraction").orNull(),
            Field.float64("ask_iv_fraction").orNull(),
            Field.float64("mark_iv_fraction").orNull());

    static final Schema AGG_TRADES = byVenueTime(
            Field.int64("id"),
            Field.int64("first_id"),
            Field.int64("last_id"),
            Field.text("side"),
            traded("price"),
            traded("amount"));

    static final Schema FUNDING = byVenueTime(
            Field.int64("interval_hours").orNull(),
            rate("funding_rate"),
            computed("mark_price").orNull());

    /** What the venue counts of a derivative's holders; blank cells of its files are nulls. */
    static final Schema METRICS = byVenueTime(
            Field.text("label"),
            computed("open_interest").orNull(),
            computed("open_interest_value").orNull(),
            computed("top_trader_account_ratio").orNull(),
            computed("top_trader_position_ratio").orNull(),
            computed("account_ratio").orNull(),
            computed("taker_volume_ratio").orNull());

    static final Schema BOOK_DEPTH = byVenueTime(traded("percentage"), traded("depth"), computed("notional"));

    /** A row for each instrument and type of data of a UTC day; all have its midnight as their time. */
    static final Schema REPORT = new Schema(
            List.of(
                    Field.time("day"),
                    Field.text("instrument_key"),
                    Field.text("venue"),
                    Field.text("instrument_type"),
                    Field.text("data_type"),
                    Field.text("state"),
                    Field.bool("open"),
                    Field.int64("rows"),
                    Field.text("evidence").orNull()),
            "day",
            List.of());

    private TickSchemas() {}

    static Schema book(int levels) {
        if (levels < 1) {
            throw new IllegalArgumentException("A book has 1 level or more on each side, not " + levels);
        }
        List<Field> columns = new ArrayList<>();
        for (int level = 1; level <= levels; level++) {
            columns.add(traded("ask_price_" + level).orNull());
            columns.add(traded("ask_volume_" + level).orNull());
            columns.add(traded("bid_price_" + level).orNull());
            columns.add(traded("bid_volume_" + level).orNull());
        }
        return byArrival(columns.toArray(Field[]::new));
    }

    private static Schema byArrival(Field... columns) {
        List<Field> all = new ArrayList<>(List.of(TIMESTAMP, LOCAL_TIMESTAMP));
        all.addAll(List.of(columns));
        return new Schema(all, LOCAL_TIMESTAMP.name(), List.of());
    }

    private static Schema byVenueTime(Field... columns) {
        List<Field> all = new ArrayList<>(List.of(TIMESTAMP));
        all.addAll(List.of(columns));
        return new Schema(all, TIMESTAMP.name(), List.of());
    }

    private static Field traded(String name) {
        return Field.decimal(name, 38, 12);
    }

    private static Field computed(String name) {
        return Field.decimal(name, 38, 18);
    }

    private static Field rate(String name) {
        return Field.decimal(name, 38, 24);
    }
}
