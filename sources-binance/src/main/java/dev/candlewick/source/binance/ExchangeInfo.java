package dev.candlewick.source.binance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.candlewick.Corrupt;
import dev.candlewick.http.Json;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The part of an {@code exchangeInfo} answer that candles and definitions of instruments need. Unknown fields, statuses and contract types are taken as
 * they come.
 *
 * @param instruments in the venue's order
 * @param weightPerMinute the announced request weight limit
 */
record ExchangeInfo(List<BinanceSymbol> instruments, OptionalInt weightPerMinute) {

    /** Perpetuals carry a delivery date in the year 2100. */
    private static final Instant NO_DELIVERY = Instant.parse("2100-01-01T00:00:00Z");

    /**
     * Reads an answer as it arrives, one symbol at a time: the whole of spot is some 30 MB of text.
     *
     * @throws Corrupt when it is not JSON or has no list of symbols
     * @throws IOException when the connection breaks
     */
    static ExchangeInfo read(Market market, InputStream body, String request) throws IOException {
        try (JsonParser json = Json.mapper().createParser(body)) {
            List<BinanceSymbol> instruments = new ArrayList<>();
            OptionalInt weight = OptionalInt.empty();
            boolean listed = false;
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    JsonToken value = json.nextToken();
                    if (field.equals("symbols") && value == JsonToken.START_ARRAY) {
                        listed = true;
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            instrument(market, Json.tree(json)).ifPresent(instruments::add);
                        }
                    } else if (field.equals("rateLimits") && value == JsonToken.START_ARRAY) {
                        weight = weight(Json.tree(json));
                    } else {
                        json.skipChildren();
                    }
                }
            }
            Json.requireEnd(json);
            if (!listed) {
                throw new Corrupt(request + " answered without a list of symbols");
            }
            return new ExchangeInfo(List.copyOf(instruments), weight);
        } catch (JsonProcessingException malformed) {
            throw new Corrupt(request + " answered with something that is not JSON: " + malformed.getOriginalMessage());
        } catch (CharConversionException noText) {
            throw new Corrupt(request + " answered with something that is not text: " + noText.getMessage(), noText);
        }
    }

    Optional<BinanceSymbol> find(String symbol) {
        return instruments.stream().filter(each -> each.symbol().equals(symbol)).findFirst();
    }

    private static Optional<BinanceSymbol> instrument(Market market, JsonNode node) {
        String symbol = node.path("symbol").asText();
        String base = node.path("baseAsset").asText();
        String quote = node.path("quoteAsset").asText();
        try {
            return Optional.of(new BinanceSymbol(
                    Symbols.subject(market, symbol, base, quote),
                    symbol,
                    base,
                    quote,
                    node.path(market == Market.COIN_MARGINED ? "contractStatus" : "status")
                            .asText(),
                    node.path("contractType").asText(),
                    instant(node.path("onboardDate")),
                    instant(node.path("deliveryDate")).filter(date -> date.isBefore(NO_DELIVERY)),
                    filter(node, "PRICE_FILTER", "tickSize"),
                    filter(node, "LOT_SIZE", "stepSize"),
                    decimal(node.path("contractSize")),
                    filter(node, "LOT_SIZE", "minQty"),
                    filter(node, "MIN_NOTIONAL", "minNotional")
                            .or(() -> filter(node, "MIN_NOTIONAL", "notional"))
                            .or(() -> filter(node, "NOTIONAL", "minNotional")),
                    node.path("marginAsset").asText(),
                    node.path("pair").asText(),
                    node.path("underlyingType").asText()));
        } catch (IllegalArgumentException namesNothing) {
            return Optional.empty(); // an entry whose names cannot be part of a subject; the other ones still count
        }
    }

    private static Optional<BigDecimal> filter(JsonNode symbol, String type, String field) {
        for (JsonNode filter : symbol.path("filters")) {
            if (filter.path("filterType").asText().equals(type)) {
                return decimal(filter.path(field)).filter(value -> value.signum() > 0);
            }
        }
        return Optional.empty();
    }

    private static Optional<BigDecimal> decimal(JsonNode node) {
        try {
            return node.isTextual() || node.isNumber() ? Optional.of(new BigDecimal(node.asText())) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(JsonNode millis) {
        try {
            return millis.canConvertToLong() && millis.asLong() > 0
                    ? Optional.of(Instant.ofEpochMilli(millis.asLong()))
                    : Optional.empty();
        } catch (DateTimeException outOfTime) {
            return Optional.empty();
        }
    }

    private static OptionalInt weight(JsonNode limits) {
        for (JsonNode limit : limits) {
            if (limit.path("rateLimitType").asText().equals("REQUEST_WEIGHT")
                    && limit.path("interval").asText().equals("MINUTE")
                    && limit.path("intervalNum").asInt() == 1
                    && limit.path("limit").asInt() > 0) {
                return OptionalInt.of(limit.path("limit").asInt());
            }
        }
        return OptionalInt.empty();
    }
}
