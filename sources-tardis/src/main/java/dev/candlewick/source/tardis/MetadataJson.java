package dev.candlewick.source.tardis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.candlewick.Gap;
import dev.candlewick.TimeRange;
import dev.candlewick.source.tardis.TardisExchangeDetails.DatasetSymbol;
import dev.candlewick.source.tardis.TardisExchangeDetails.Datasets;
import dev.candlewick.source.tardis.TardisExchangeDetails.Incident;
import dev.candlewick.source.tardis.TardisExchangeDetails.Symbol;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the catalogue as it streams in: an exchange with options has hundreds of thousands of symbols, a hundred megabytes
 * of text of which a fraction is kept. Members that are not known are passed over.
 */
final class MetadataJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(1L << 30)
                    .maxStringLength(1 << 20)
                    .maxNestingDepth(64)
                    .build())
            .build();

    private final JsonParser parser;
    /** Hundreds of thousands of symbols share a handful of lists of types. */
    private final Map<List<String>, List<String>> shared = new HashMap<>();

    private MetadataJson(JsonParser parser) {
        this.parser = parser;
    }

    private interface Reading<T> {
        T read(MetadataJson json) throws IOException;
    }

    private interface Member {
        void read(String name) throws IOException;
    }

    private interface Element {
        void read() throws IOException;
    }

    static List<TardisExchange> exchanges(InputStream input) throws IOException {
        return read(input, json -> {
            List<TardisExchange> exchanges = new ArrayList<>();
            json.array(() -> exchanges.add(json.exchange().exchange()));
            return exchanges;
        });
    }

    static TardisExchangeDetails details(InputStream input) throws IOException {
        return read(input, MetadataJson::exchange);
    }

    static List<TardisAccess> access(InputStream input) throws IOException {
        return read(input, json -> {
            List<TardisAccess> all = new ArrayList<>();
            json.array(() -> all.add(json.oneAccess()));
            return all;
        });
    }

    private static <T> T read(InputStream input, Reading<T> reading) throws IOException {
        try (JsonParser parser = FACTORY.createParser(input)) {
            parser.nextToken();
            T result = reading.read(new MetadataJson(parser));
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "more follows after the end");
            }
            return result;
        } catch (DateTimeException unreadable) {
            throw new IOException(unreadable.getMessage(), unreadable);
        }
    }

    private TardisExchangeDetails exchange() throws IOException {
        Map<String, Object> members = new HashMap<>();
        List<Symbol> symbols = new ArrayList<>();
        List<Incident> incidents = new ArrayList<>();
        List<Datasets> datasets = new ArrayList<>();
        object(name -> {
            switch (name) {
                case "availableSymbols" -> array(() -> symbols.add(symbol()));
                case "incidentReports" -> array(() -> incident().ifPresent(incidents::add));
                case "datasets" -> datasets().ifPresent(datasets::add);
                case "availableChannels" -> members.put(name, texts());
                default -> scalar(name, members);
            }
        });
        @SuppressWarnings("unchecked") // put there above
        List<String> channels = (List<String>) members.getOrDefault("availableChannels", List.of());
        String id = text(members, "id");
        TardisExchange exchange = new TardisExchange(
                id,
                members.containsKey("name") ? text(members, "name") : id,
                isTrue(members, "enabled"),
                isTrue(members, "delisted"),
                isTrue(members, "supportsDatasets") || !datasets.isEmpty(),
                instant(members, "availableSince").orElse(Instant.EPOCH),
                instant(members, "availableTo"),
                channels);
        return new TardisExchangeDetails(
                exchange, symbols, incidents, datasets.stream().findFirst());
    }

    private Symbol symbol() throws IOException {
        Map<String, Object> members = new HashMap<>();
        object(name -> scalar(name, members));
        return new Symbol(
                text(members, "id"),
                shared(text(members, "type")),
                instant(members, "availableSince").orElse(Instant.EPOCH),
                instant(members, "availableTo"));
    }

    /** An incident without an end goes on; one that ends before it starts says nothing. */
    private Optional<Incident> incident() throws IOException {
        Map<String, Object> members = new HashMap<>();
        object(name -> scalar(name, members));
        Optional<Instant> from = instant(members, "from");
        Instant to = instant(members, "to").orElse(dev.candlewick.Gap.NEVER);
        return from.filter(start -> start.isBefore(to))
                .map(start -> new Incident(
                        TimeRange.of(start, to),
                        String.valueOf(members.getOrDefault("status", "")),
                        String.valueOf(members.getOrDefault("details", ""))));
    }

    private Optional<Datasets> datasets() throws IOException {
        Map<String, Object> members = new HashMap<>();
        List<DatasetSymbol> symbols = new ArrayList<>();
        object(name -> {
            if (name.equals("symbols")) {
                array(() -> symbols.add(datasetSymbol()));
            } else {
                scalar(name, members);
            }
        });
        Optional<Instant> until = instant(members, "exportedUntil");
        return until.map(end -> new Datasets(instant(members, "exportedFrom").orElse(Instant.EPOCH), end, symbols));
    }

    private DatasetSymbol datasetSymbol() throws IOException {
        Map<String, Object> members = new HashMap<>();
        List<List<String>> types = new ArrayList<>();
        object(name -> {
            if (name.equals("dataTypes")) {
                types.add(texts());
            } else {
                scalar(name, members);
            }
        });
        List<String> dataTypes = types.isEmpty() ? List.of() : types.get(0);
        return new DatasetSymbol(
                text(members, "id"),
                shared(text(members, "type")),
                instant(members, "availableSince").orElse(Instant.EPOCH),
                instant(members, "availableTo"),
                shared.computeIfAbsent(dataTypes, same -> same));
    }

    private TardisAccess oneAccess() throws IOException {
        Map<String, Object> members = new HashMap<>();
        List<String> symbols = new ArrayList<>();
        object(name -> {
            if (name.equals("symbols")) {
                symbols.addAll(texts());
            } else {
                scalar(name, members);
            }
        });
        return new TardisAccess(
                text(members, "exchange"),
                text(members, "accessType"),
                text(members, "dataPlan"),
                instant(members, "from"),
                instant(members, "to"),
                symbols);
    }

    private String shared(String text) {
        return shared.computeIfAbsent(List.of(text), same -> same).get(0);
    }

    private void object(Member member) throws IOException {
        expect(JsonToken.START_OBJECT);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            member.read(name);
        }
    }

    private void array(Element element) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            element.read();
        }
    }

    private List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            texts.add(parser.getText());
            return texts;
        }
        array(() -> {
            if (parser.currentToken().isScalarValue()) {
                texts.add(parser.getText());
            } else {
                parser.skipChildren();
            }
        });
        return texts;
    }

    private void scalar(String name, Map<String, Object> members) throws IOException {
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
        } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
            members.put(name, parser.getText());
        }
    }

    private void expect(JsonToken token) throws IOException {
        if (parser.currentToken() != token) {
            throw new JsonParseException(parser, "expected " + token + ", found " + parser.currentToken());
        }
    }

    private static String text(Map<String, Object> members, String name) {
        return String.valueOf(members.getOrDefault(name, ""));
    }

    private static boolean isTrue(Map<String, Object> members, String name) {
        return "true".equals(members.get(name));
    }

    private static Optional<Instant> instant(Map<String, Object> members, String name) {
        @Nullable Object text = members.get(name);
        if (text == null || text.toString().isBlank()) {
            return Optional.empty();
        }
        String time = text.toString().strip();
        Instant instant = time.indexOf('T') < 0
                ? LocalDate.parse(time).atStartOfDay(ZoneOffset.UTC).toInstant()
                : java.time.OffsetDateTime.parse(time).toInstant();
        if (instant.isBefore(Instant.EPOCH) || !instant.isBefore(Gap.NEVER)) {
            throw new DateTimeException(name + " is '" + time + "', no time of this or the next millennia");
        }
        return Optional.of(instant.truncatedTo(java.time.temporal.ChronoUnit.MICROS));
    }
}
