package dev.candlewick.source.binance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.candlewick.Corrupt;
import dev.candlewick.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * REST klines, arrays of twelve, as the lines that archive files hold: so that one parser, with one set of rules, reads
 * both.
 */
final class KlineJson {

    private KlineJson() {}

    /** One line per element; what is no array of plain values becomes a line that the parser sets aside. */
    static byte[] toCsv(byte[] body, String request) {
        try (JsonParser json = Json.factory().createParser(body)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new Corrupt(request + " answered with '" + start(body) + "' in place of a list of klines");
            }
            ByteArrayOutputStream csv = new ByteArrayOutputStream(body.length);
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                if (token == null) {
                    throw new Corrupt(request + " answered with a list that does not end");
                }
                row(json, token, csv);
                csv.write('\n');
            }
            Json.requireEnd(json);
            return csv.toByteArray();
        } catch (JsonProcessingException malformed) {
            throw new Corrupt(request + " answered with something that is not JSON, '" + start(body) + "': "
                    + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw new Corrupt(request + " could not be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static void row(JsonParser json, JsonToken first, ByteArrayOutputStream csv) throws IOException {
        if (first != JsonToken.START_ARRAY) {
            write(json, csv);
            json.skipChildren();
            return;
        }
        boolean separate = false;
        for (JsonToken token = json.nextToken();
                token != JsonToken.END_ARRAY && token != null;
                token = json.nextToken()) {
            if (separate) {
                csv.write(',');
            }
            separate = true;
            write(json, csv);
            json.skipChildren();
        }
    }

    private static void write(JsonParser json, ByteArrayOutputStream csv) throws IOException {
        // No value of a kline holds a comma or a line end; one that does must not shift the others.
        byte[] text = json.getText().getBytes(StandardCharsets.UTF_8);
        for (byte each : text) {
            csv.write(each == ',' || each == '\n' || each == '\r' ? '?' : each);
        }
        if (text.length == 0) {
            csv.write('?');
        }
    }

    private static String start(byte[] body) {
        return new String(body, 0, Math.min(body.length, 100), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    }
}
