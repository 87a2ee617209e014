package dev.candlewick.source.binance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Corrupt;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * REST answers with trades: {@code {"id":1,"price":"1.5",…}} and {@code {"a":1,"p":"1.5",…}}. Fields that are not known are
 * passed over. An element that cannot be a trade is set aside; its number, if it has one, still counts as seen.
 */
final class TradeJson {

    private static final int TIMESTAMP = 0;

    private final TickKind kind;
    private final String request;
    private final BatchBuilder builder;
    private final List<Long> ids = new ArrayList<>();
    private final List<Long> silent = new ArrayList<>();
    private final List<QuarantinedRow> quarantined = new ArrayList<>();
    private long lastId = -1;
    private long lastMicros = Long.MIN_VALUE;
    private int elements;

    /**
     * One page.
     *
     * @param rows ascending by number and by time
     * @param silent numbers that exist and have no row: aggregates that the venue took back, and elements set aside
     * @param lastId the highest number seen, -1 when there is none
     * @param lastMicros the time of the last row
     */
    record Page(
            NumberedRows rows,
            List<Long> silent,
            List<QuarantinedRow> quarantined,
            int elements,
            long lastId,
            long lastMicros) {}

    private TradeJson(TickKind kind, Series series, String request) {
        this.kind = kind;
        this.request = request;
        this.builder = new BatchBuilder(series, 1_000);
    }

    static Page read(TickKind kind, Series series, byte[] body, String request) {
        return new TradeJson(kind, series, request).read(body);
    }

    private Page read(byte[] body) {
        try (JsonParser json = Json.factory().createParser(body)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new Corrupt(request + " answered with '" + start(body) + "' in place of a list of trades");
            }
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                if (token == null) {
                    throw new Corrupt(request + " answered with a list that does not end");
                }
                elements++;
                element(json, token);
            }
            Json.requireEnd(json);
        } catch (JsonProcessingException malformed) {
            throw new Corrupt(request + " answered with something that is not JSON, '" + start(body) + "': "
                    + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw new Corrupt(request + " could not be read: " + unreadable.getMessage(), unreadable);
        }
        long[] numbers = ids.stream().mapToLong(Long::longValue).toArray();
        return new Page(new NumberedRows(builder.build(), numbers), silent, quarantined, elements, lastId, lastMicros);
    }

    private void element(JsonParser json, JsonToken token) throws IOException {
        Map<String, String> fields = new HashMap<>();
        if (token == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
                json.skipChildren();
            }
        } else {
            json.skipChildren();
        }
        try {
            append(fields);
        } catch (IllegalArgumentException | ArithmeticException unfit) {
            builder.discardRow();
            quarantined.add(new QuarantinedRow(
                    request, elements, "", String.valueOf(unfit.getMessage()), String.valueOf(fields)));
        }
    }

    private void append(Map<String, String> fields) {
        boolean aggregate = kind == TickKind.AGG_TRADES;
        long id = number(fields, aggregate ? "a" : "id");
        if (id <= lastId) {
            throw new IllegalArgumentException("its number " + id + " does not come after " + lastId);
        }
        lastId = id;
        if (aggregate && number(fields, "f") < 0) {
            silent.add(id);
            return;
        }
        long micros;
        try {
            long time = number(fields, aggregate ? "T" : "time");
            micros = TimeUnitProof.of(time).toMicros(time);
            if (micros < lastMicros) {
                throw new IllegalArgumentException("its time lies before that of the trade before it");
            }
            builder.time(TIMESTAMP).append(micros);
            if (aggregate) {
                builder.int64(1).append(id);
                builder.int64(2).append(number(fields, "f"));
                builder.int64(3).append(number(fields, "l"));
            } else {
                builder.time(1).append(micros);
                builder.text(2).append(Long.toString(id));
            }
            int side = aggregate ? 4 : 3;
            builder.text(side).append(side(text(fields, aggregate ? "m" : "isBuyerMaker")));
            decimal(side + 1, text(fields, aggregate ? "p" : "price"));
            decimal(side + 2, text(fields, aggregate ? "q" : "qty"));
            builder.endRow();
        } catch (IllegalArgumentException | ArithmeticException unfit) {
            silent.add(id);
            throw unfit;
        }
        lastMicros = micros;
        ids.add(id);
    }

    private void decimal(int column, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        builder.decimal(column).appendText(ascii, 0, ascii.length);
    }

    private static String side(String buyerIsMaker) {
        return switch (buyerIsMaker) {
            case "true" -> "sell";
            case "false" -> "buy";
            default -> throw new IllegalArgumentException("'" + buyerIsMaker + "' tells no side");
        };
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(text(fields, name));
    }

    private static String text(Map<String, String> fields, String name) {
        String text = fields.get(name);
        if (text == null) {
            throw new IllegalArgumentException("it has no field '" + name + "'");
        }
        return text;
    }

    static String start(byte[] body) {
        return new String(body, 0, Math.min(body.length, 100), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    }
}
