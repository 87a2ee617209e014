package dev.candlewick.sink.gcs;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.json.gson.GsonFactory;
import dev.candlewick.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came back, whatever its status.
 *
 * @param body all of it, as it was sent
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(Call call, int status, HttpHeaders headers, byte[] body) {

    /** The values of a header in order; lists with commas are taken apart. */
    List<String> header(String name) {
        List<String> values = new ArrayList<>();
        for (String line : headers.getHeaderStringValues(name)) {
            for (String value : line.split(",", -1)) {
                values.add(value.trim());
            }
        }
        return values;
    }

    Optional<String> line(String name) {
        return Optional.ofNullable(headers.getFirstHeaderStringValue(name));
    }

    /** The body as one of Google's objects. */
    <T> T as(Class<T> type) {
        try {
            return GsonFactory.getDefaultInstance()
                    .createJsonParser(new ByteArrayInputStream(body), StandardCharsets.UTF_8)
                    .parseAndClose(type);
        } catch (IOException | IllegalArgumentException malformed) {
            throw new Unavailable(
                    call.doing() + ": the answer is no JSON of Cloud Storage; try again, and see whether the endpoint"
                            + " is one, or a proxy answers in its place");
        }
    }

    /** What an error says of itself. */
    String errorMessage() {
        Object message = error().get("message");
        String text = message instanceof String said ? said : "";
        String clean = text.replaceAll("\\p{Cntrl}+", " ").trim();
        return clean.length() > 300 ? clean.substring(0, 300) + "…" : clean;
    }

    /** The word by which Google names an error; empty when there is none. */
    String errorReason() {
        Object errors = error().get("errors");
        if (errors instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map<?, ?> first) {
            return first.get("reason") instanceof String reason ? reason : "";
        }
        return "";
    }

    boolean saysNoBucket() {
        return status == 404 && errorMessage().contains("bucket does not exist");
    }

    private Map<?, ?> error() {
        if (body.length > 0 && body[0] == '{') {
            try {
                Object error = GsonFactory.getDefaultInstance()
                        .createJsonParser(new ByteArrayInputStream(body), StandardCharsets.UTF_8)
                        .parseAndClose(com.google.api.client.json.GenericJson.class)
                        .get("error");
                return error instanceof Map<?, ?> known ? known : Map.of();
            } catch (IOException | IllegalArgumentException malformed) {
                return Map.of();
            }
        }
        return Map.of();
    }
}
