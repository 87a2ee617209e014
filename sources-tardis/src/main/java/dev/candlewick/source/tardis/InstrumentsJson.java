package dev.candlewick.source.tardis;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candlewick.Corrupt;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.http.Json;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.ListingWindow;
import dev.candlewick.instrument.TermsChange;
import dev.candlewick.instrument.TradingState;
import dev.candlewick.instrument.TradingTerms;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Instruments from Tardis' metadata, {@code GET /instruments/EXCHANGE}: an array of records, or one. Numbers are taken from
 * their text, numbers as strings too; unknown fields are passed over.
 *
 * <p>A record whose changes say that the symbol once was another contract, inverse then and linear now, becomes one
 * definition for each.
 *
 * @param instruments in the order of the answer
 * @param rejected the records that define no instrument, with the reason
 */
record InstrumentsJson(List<Instrument> instruments, List<QuarantinedRow> rejected) {

    /** Exchanges whose trading settles on a chain; all others are companies. */
    private static final Set<String> DECENTRALIZED =
            Set.of("serum", "mango", "dydx", "dydx-v4", "star-atlas", "binance-dex", "hyperliquid");

    /** A change with its text as it came. */
    private record Change(Instant until, ObjectNode fields) {}

    /**
     * Reads an answer as it arrives, one record at a time.
     *
     * @param request what was asked, for messages
     * @throws Corrupt when it is not JSON, or neither an array of records nor one record
     * @throws IOException when the connection breaks
     */
    static InstrumentsJson read(InputStream body, String request) throws IOException {
        List<Instrument> instruments = new ArrayList<>();
        List<QuarantinedRow> rejected = new ArrayList<>();
        try (JsonParser json = Json.mapper().createParser(body)) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_OBJECT) {
                add(Json.tree(json), 1, request, instruments, rejected);
            } else if (first == JsonToken.START_ARRAY) {
                for (int record = 1; json.nextToken() != JsonToken.END_ARRAY; record++) {
                    add(Json.tree(json), record, request, instruments, rejected);
                }
            } else {
                throw new Corrupt(request + " answered neither a list of instruments nor one");
            }
            Json.requireEnd(json);
        } catch (JsonProcessingException malformed) {
            throw new Corrupt(request + " answered with something that is not JSON: " + malformed.getOriginalMessage());
        } catch (CharConversionException noText) {
            throw new Corrupt(request + " answered with something that is not text: " + noText.getMessage(), noText);
        }
        return new InstrumentsJson(List.copyOf(instruments), List.copyOf(rejected));
    }

    private static void add(
            JsonNode record, int number, String request, List<Instrument> instruments, List<QuarantinedRow> rejected) {
        try {
            instruments.addAll(definitions(record));
        } catch (IllegalArgumentException wrong) {
            rejected.add(
                    new QuarantinedRow(request, number, "", String.valueOf(wrong.getMessage()), record.toString()));
        }
    }

    /** The definitions of a record, the latest first: one for each contract that the symbol was the name of. */
    private static List<Instrument> definitions(JsonNode record) {
        if (!(record instanceof ObjectNode current)) {
            throw new IllegalArgumentException("it is no record");
        }
        List<Change> changes = changes(current);
        List<Instrument> definitions = new ArrayList<>();
        Optional<Instant> end = instant(current, "availableTo");
        Optional<Instant> since = instant(current, "availableSince");
        // The record as it was before the changes so far, and at the end of the definition that is being put together.
        ObjectNode as = current;
        ObjectNode last = current;
        List<TermsChange> terms = new ArrayList<>();
        Collections.reverse(changes);
        for (Change change : changes) {
            ObjectNode before = as.deepCopy();
            before.setAll(change.fields);
            as = before;
            if (InstrumentsKeys.key(before).equals(InstrumentsKeys.key(last))) {
                terms.add(new TermsChange(change.until, terms(change.fields)));
                continue;
            }
            if (since.isPresent() && !change.until.isAfter(since.get())) {
                break; // what the symbol was called before it was recorded is no name of what was recorded
            }
            if (end.map(change.until::isBefore).orElse(true)) {
                definitions.add(definition(last, new ListingWindow(Optional.of(change.until), end), terms));
                end = Optional.of(change.until);
            }
            terms = new ArrayList<>();
            last = before;
        }
        definitions.add(definition(last, new ListingWindow(since, end), terms));
        return definitions;
    }

    private static Instrument definition(ObjectNode record, ListingWindow window, List<TermsChange> changes) {
        InstrumentKey key = InstrumentsKeys.key(record);
        String exchange = record.path("exchange").asText("");
        return Instrument.of(key)
                .exchange(exchange)
                .datasetId(InstrumentsKeys.datasetId(record))
                .rawSymbol(record.path("id").asText(""))
                .base(record.path("baseCurrency").asText(""))
                .quote(record.path("quoteCurrency").asText(""))
                .settle(record.path("settlementCurrency").asText(""))
                .window(window)
                .terms(terms(record))
                .changes(changes)
                .listing(instant(record, "listing").orElse(null))
                .expiry(instant(record, "expiry").orElse(null))
                .underlying(text(record, "underlyingIndex").orElse(null))
                .aliasFor(text(record, "aliasFor").orElse(null))
                .assetClass(text(record, "underlyingType").orElse(null))
                .provider("tardis")
                .venueType(DECENTRALIZED.contains(exchange) ? "DEX" : "CEX")
                .build();
    }

    private static List<Change> changes(ObjectNode record) {
        List<Change> changes = new ArrayList<>();
        for (JsonNode each : record.path("changes")) {
            if (each instanceof ObjectNode change) {
                Instant until = instant(change, "until")
                        .orElseThrow(() -> new IllegalArgumentException("a change does not say until when"));
                ObjectNode fields = change.deepCopy();
                fields.remove("until");
                changes.add(new Change(until, fields));
            }
        }
        changes.sort(Comparator.comparing(Change::until));
        return changes;
    }

    private static TradingTerms terms(JsonNode record) {
        return new TradingTerms(
                InstrumentsKeys.number(record, "priceIncrement"),
                InstrumentsKeys.number(record, "amountIncrement"),
                InstrumentsKeys.number(record, "minTradeAmount"),
                InstrumentsKeys.number(record, "minNotional"),
                InstrumentsKeys.number(record, "contractMultiplier"),
                InstrumentsKeys.number(record, "makerFee"),
                InstrumentsKeys.number(record, "takerFee"),
                Optional.of(record.path("active"))
                        .filter(JsonNode::isBoolean)
                        .map(active -> active.asBoolean() ? TradingState.ACTIVE : TradingState.INACTIVE));
    }

    private static Optional<String> text(JsonNode record, String field) {
        return Optional.of(record.path(field).asText("")).filter(text -> !text.isEmpty());
    }

    private static Optional<Instant> instant(JsonNode record, String field) {
        return text(record, field).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException unreadable) {
                throw new IllegalArgumentException(field + " is '" + text + "', not a time", unreadable);
            }
        });
    }
}
