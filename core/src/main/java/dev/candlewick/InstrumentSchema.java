package dev.candlewick;

import java.util.List;

/**
 * The columns of instrument definitions: one row for each instrument alive on a UTC day, with the terms that it had at the
 * end of that day. Rows of a day are in the order of their keys; all have its midnight as their time, so there is no key.
 * Names are those of the tables and files that such definitions have been kept in; {@code tardis_symbol} is the dataset id.
 */
final class InstrumentSchema {

    static final Schema COLUMNS = new Schema(
            List.of(
                    Field.time("day"),
                    Field.text("instrument_key"),
                    Field.text("venue"),
                    Field.text("instrument_type"),
                    Field.text("unique_alias").orNull(),
                    Field.time("available_from").orNull(),
                    Field.time("available_to").orNull(),
                    Field.text("data_types").orNull(),
                    Field.text("base_asset").orNull(),
                    Field.text("quote_asset").orNull(),
                    Field.text("settle_asset").orNull(),
                    Field.text("exchange_raw_symbol"),
                    Field.text("tardis_symbol"),
                    Field.text("tardis_exchange"),
                    Field.text("data_provider").orNull(),
                    Field.text("venue_type").orNull(),
                    Field.text("asset_class").orNull(),
                    Field.bool("inverse").orNull(),
                    Field.bool("quanto").orNull(),
                    number("strike"),
                    Field.text("option_type").orNull(),
                    Field.time("expiry").orNull(),
                    Field.time("listing").orNull(),
                    number("tick_size"),
                    number("amount_step"),
                    number("min_size"),
                    number("min_notional"),
                    number("contract_size"),
                    number("maker_fee"),
                    number("taker_fee"),
                    Field.bool("active").orNull(),
                    Field.text("settlement_type").orNull(),
                    Field.text("underlying").orNull(),
                    Field.text("alias_for").orNull(),
                    Field.text("renamed_to").orNull(),
                    Field.text("ccxt_symbol").orNull(),
                    Field.text("ccxt_exchange").orNull(),
                    Field.text("changes").orNull()),
            "day",
            List.of());

    private InstrumentSchema() {}

    private static Field number(String name) {
        return Field.decimal(name, 38, 24).orNull();
    }
}
