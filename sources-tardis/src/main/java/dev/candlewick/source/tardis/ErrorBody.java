package dev.candlewick.source.tardis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candlewick.http.Json;
import java.io.IOException;

/**
 * What Tardis says with an error: {@code {"code":274,"message":"…","retryAfterSeconds":893}}.
 *
 * @param code Tardis' own code; 0 when the body is not of that form
 * @param message what it says, on one line; of a body of another form, its beginning
 */
record ErrorBody(int code, String message) {

    /** The key is in use from another address of the internet, and free again after some minutes. */
    static final int KEY_LOCKED = 274;

    /** The type of data is not offered of the symbol. */
    static final int NOT_SUPPORTED = 300;

    private static final int MESSAGE_LIMIT = 300;

    static ErrorBody parse(String bodyStart) {
        try {
            JsonNode body = Json.tree(bodyStart);
            if (body != null && body.isObject()) {
                return new ErrorBody(
                        body.path("code").asInt(0), line(body.path("message").asText("")));
            }
        } catch (IOException notJson) {
            // A page of some server in between; its first words are better than nothing.
        }
        return new ErrorBody(0, line(bodyStart));
    }

    private static String line(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return line.length() <= MESSAGE_LIMIT ? line : line.substring(0, MESSAGE_LIMIT) + "…";
    }

    /** {@code code 300: Data type …}; empty when nothing was said. */
    @Override
    public String toString() {
        String said = code == 0 ? message : "code " + code + (message.isEmpty() ? "" : ": " + message);
        return said;
    }
}
