package dev.candlewick.source.binance.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Prints the venue's description of its markets: limits, instruments, filters. */
final class ExchangeInfo {
    /** The venue's way to say that a contract has no end. */
    private static final long PERPETUAL_DELIVERY_MILLIS = 4_133_404_800_000L;

    private static final int RAW_REQUESTS_IN_FIVE_MINUTES = 300_000;

    private final Catalog catalog;

    ExchangeInfo(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The whole answer; {@code symbols} narrows it down unless it is empty. */
    String print(MarketType market, Set<String> symbols, int weightLimit, Instant now) {
        Json json = new Json().open('{');
        json.field("timezone", "UTC").field("serverTime", now.toEpochMilli());
        if (market == MarketType.USD_MARGINED) {
            json.field("futuresType", "U_MARGINED");
        }
        json.key("rateLimits").open('[');
        limit(json, "REQUEST_WEIGHT", 1, weightLimit);
        if (market == MarketType.SPOT) {
            limit(json, "RAW_REQUESTS", 5, RAW_REQUESTS_IN_FIVE_MINUTES);
        } else {
            limit(json, "ORDERS", 1, 1200);
        }
        json.close(']');
        json.key("exchangeFilters").array();
        json.key("symbols").open('[');
        catalog.instruments(market).stream()
                .filter(each -> symbols.isEmpty() || symbols.contains(each.symbol()))
                .filter(each -> isShown(each, now))
                .forEach(each -> instrument(json, each, now));
        return json.close(']').close('}').toString();
    }

    /** Delivered contracts and instruments before their listing are not there; announced ones are. */
    static boolean isShown(SyntheticInstrument instrument, Instant now) {
        if (instrument.isHidden()
                || instrument.deliveryAt().filter(end -> !now.isBefore(end)).isPresent()) {
            return false;
        }
        return instrument.fixedStatus().isPresent() || !now.isBefore(instrument.listedSince());
    }

    private static void limit(Json json, String type, int minutes, int limit) {
        json.object("rateLimitType", type, "interval", "MINUTE", "intervalNum", minutes, "limit", limit);
    }

    private void instrument(Json json, SyntheticInstrument instrument, Instant now) {
        json.open('{').field("symbol", instrument.symbol());
        switch (instrument.market()) {
            case SPOT -> spot(json, instrument, status(instrument, now));
            case USD_MARGINED -> {
                futures(json, instrument, instrument.quoteAsset());
                json.field("status", status(instrument, now));
            }
            case COIN_MARGINED -> {
                futures(json, instrument, instrument.baseAsset());
                json.field("contractStatus", status(instrument, now));
                json.field("contractSize", instrument.contractSize());
            }
        }
        filters(json, instrument);
        json.close('}');
    }

    private static String status(SyntheticInstrument instrument, Instant now) {
        Optional<Instant> end = instrument.delistedAt().filter(at -> !now.isBefore(at));
        String dead = instrument.market() == MarketType.SPOT ? "BREAK" : "SETTLING";
        return instrument.fixedStatus().orElse(end.isPresent() ? dead : "TRADING");
    }

    private static void spot(Json json, SyntheticInstrument instrument, String status) {
        json.field("status", status);
        json.field("baseAsset", instrument.baseAsset()).field("baseAssetPrecision", Scales.MOST_DECIMALS);
        json.field("quoteAsset", instrument.quoteAsset()).field("quotePrecision", Scales.MOST_DECIMALS);
        json.field("quoteAssetPrecision", Scales.MOST_DECIMALS);
        json.key("orderTypes").array("LIMIT", "LIMIT_MAKER", "MARKET");
        json.field("isSpotTradingAllowed", true).field("isMarginTradingAllowed", false);
        json.key("permissions").array();
        json.key("permissionSets").open('[').array("SPOT").close(']');
    }

    private static void futures(Json json, SyntheticInstrument instrument, String marginAsset) {
        json.field("pair", instrument.pair()).field("contractType", instrument.contractType());
        json.field(
                "deliveryDate",
                instrument.deliveryAt().map(Instant::toEpochMilli).orElse(PERPETUAL_DELIVERY_MILLIS));
        json.field("onboardDate", instrument.listedSince().toEpochMilli());
        json.field("baseAsset", instrument.baseAsset()).field("quoteAsset", instrument.quoteAsset());
        json.field("marginAsset", marginAsset);
        // As on the venue, these are not the grids: those are in the filters.
        json.field("pricePrecision", instrument.profile().tickScale() + 1);
        json.field("quantityPrecision", instrument.profile().stepScale());
        json.field("baseAssetPrecision", Scales.MOST_DECIMALS).field("quotePrecision", Scales.MOST_DECIMALS);
        json.field("underlyingType", "COIN").key("underlyingSubType").array();
    }

    private static void filters(Json json, SyntheticInstrument instrument) {
        Scales scales = instrument.scales();
        String tick = grid(scales.price(), scales.printedPrice());
        String step = grid(scales.quantity(), scales.printedQuantity());
        json.key("filters").open('[');
        json.object("filterType", "PRICE_FILTER", "minPrice", tick, "maxPrice", "1000000", "tickSize", tick);
        json.object("filterType", "LOT_SIZE", "minQty", step, "maxQty", "90000000000", "stepSize", step);
        if (instrument.market() == MarketType.SPOT) {
            json.object("filterType", "NOTIONAL", "minNotional", "5.00000000", "applyMinToMarket", true);
        } else {
            json.object("filterType", "MIN_NOTIONAL", "notional", "5");
        }
        json.close(']');
    }

    private static String grid(int scale, int printedScale) {
        return BigDecimal.ONE.movePointLeft(scale).setScale(printedScale).toPlainString();
    }
}
