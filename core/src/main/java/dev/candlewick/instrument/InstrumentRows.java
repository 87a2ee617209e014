package dev.candlewick.instrument;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Definitions as rows of {@link Dataset#INSTRUMENTS}, and back. */
final class InstrumentRows {

    private static final Optional<Margin> INVERSE = Optional.of(Margin.INVERSE);
    private static final Optional<Margin> QUANTO = Optional.of(Margin.QUANTO);

    private InstrumentRows() {}

    /** The definitions in the order given, as rows of that day; short forms as far as the catalog finds them unique. */
    static Batch write(Series series, Instant day, List<Instrument> definitions, InstrumentCatalog catalog) {
        BatchBuilder rows = new BatchBuilder(series, definitions.size());
        for (Instrument each : definitions) {
            try {
                append(rows, day, each, catalog);
            } catch (IllegalArgumentException unfit) {
                throw new Refused("The definition of " + each + " cannot be stored: " + unfit.getMessage(), unfit);
            }
        }
        return rows.build();
    }

    private static void append(BatchBuilder rows, Instant day, Instrument each, InstrumentCatalog catalog) {
        InstrumentKey key = each.key();
        TradingTerms terms = each.terms();
        boolean derivative = key.type().isDerivative();
        rows.row(
                day,
                key.toString(),
                key.venue(),
                key.type().name(),
                catalog.uniqueAlias(key).map(InstrumentKey::toString).orElse(null),
                each.window().from().orElse(null),
                each.window().to().orElse(null),
                text(String.join(",", each.dataTypes())),
                text(each.base()),
                text(each.quote()),
                text(each.settle()),
                each.rawSymbol(),
                each.datasetId(),
                each.exchange(),
                each.provider().orElse(null),
                each.venueType().orElse(null),
                each.assetClass().orElse(null),
                derivative ? key.margin().equals(INVERSE) : null,
                derivative ? key.margin().equals(QUANTO) : null,
                key.strike().orElse(null),
                key.optionSide().map(OptionSide::name).orElse(null),
                each.expiry().orElse(null),
                each.listing().orElse(null),
                terms.tickSize().orElse(null),
                terms.amountStep().orElse(null),
                terms.minSize().orElse(null),
                terms.minNotional().orElse(null),
                terms.contractSize().orElse(null),
                terms.makerFee().orElse(null),
                terms.takerFee().orElse(null),
                terms.state().map(state -> state == TradingState.ACTIVE).orElse(null),
                key.margin().map(Margin::name).orElse(null),
                each.underlying().orElse(null),
                each.aliasFor().orElse(null),
                each.renamedTo().map(InstrumentKey::toString).orElse(null),
                each.ccxtSymbol().orElse(null),
                Venues.ccxtExchange(key.venue()).orElse(null),
                text(ChangesText.write(each.changes())));
    }

    /** Reads rows back; what follows from the key is not read. */
    static Instrument read(Batch batch, int row) {
        Cells cells = new Cells(batch, row);
        String key = cells.text("instrument_key").orElseThrow();
        try {
            return Instrument.of(InstrumentKey.parse(key))
                    .exchange(cells.text("tardis_exchange").orElseThrow())
                    .datasetId(cells.text("tardis_symbol").orElseThrow())
                    .rawSymbol(cells.text("exchange_raw_symbol").orElseThrow())
                    .base(cells.text("base_asset").orElse(""))
                    .quote(cells.text("quote_asset").orElse(""))
                    .settle(cells.text("settle_asset").orElse(""))
                    .window(new ListingWindow(cells.time("available_from"), cells.time("available_to")))
                    .terms(terms(cells))
                    .changes(cells.text("changes").map(ChangesText::read).orElse(List.of()))
                    .dataTypes(cells.text("data_types")
                            .map(types -> List.of(types.split(",")))
                            .orElse(List.of()))
                    .listing(cells.time("listing").orElse(null))
                    .expiry(cells.time("expiry").orElse(null))
                    .underlying(cells.text("underlying").orElse(null))
                    .aliasFor(cells.text("alias_for").orElse(null))
                    .renamedTo(
                            cells.text("renamed_to").map(InstrumentKey::parse).orElse(null))
                    .provider(cells.text("data_provider").orElse(null))
                    .venueType(cells.text("venue_type").orElse(null))
                    .assetClass(cells.text("asset_class").orElse(null))
                    .build();
        } catch (IllegalArgumentException wrong) {
            throw new Corrupt("Row " + row + " of " + batch.series() + " ("
                    + batch.times().text(row) + ", " + key + ") defines no instrument: " + wrong.getMessage());
        }
    }

    private static TradingTerms terms(Cells cells) {
        return new TradingTerms(
                cells.number("tick_size"),
                cells.number("amount_step"),
                cells.number("min_size"),
                cells.number("min_notional"),
                cells.number("contract_size"),
                cells.number("maker_fee"),
                cells.number("taker_fee"),
                cells.flag("active").map(active -> active ? TradingState.ACTIVE : TradingState.INACTIVE));
    }

    private static @Nullable String text(String text) {
        return text.isEmpty() ? null : text;
    }

    private record Cells(Batch batch, int row) {

        Optional<String> text(String column) {
            return isNull(column)
                    ? Optional.empty()
                    : Optional.of(batch.texts(column).value(row));
        }

        Optional<Instant> time(String column) {
            return isNull(column)
                    ? Optional.empty()
                    : Optional.of(batch.times(column).get(row));
        }

        Optional<BigDecimal> number(String column) {
            return isNull(column)
                    ? Optional.empty()
                    : Optional.of(batch.decimals(column).get(row));
        }

        Optional<Boolean> flag(String column) {
            return isNull(column)
                    ? Optional.empty()
                    : Optional.of(batch.booleans(column).value(row));
        }

        private boolean isNull(String column) {
            return batch.column(column).isNull(row);
        }
    }
}
