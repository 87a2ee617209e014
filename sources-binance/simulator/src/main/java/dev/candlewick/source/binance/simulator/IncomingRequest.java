package dev.candlewick.source.binance.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came over the wire.
 *
 * @param host the host it was sent to
 * @param method GET, HEAD or whatever was sent
 * @param path percent-decoded
 * @param query parameters, percent-decoded, in the order sent
 * @param headers by lower-case name
 */
record IncomingRequest(
        VenueHost host, String method, String path, Map<String, String> query, Map<String, String> headers) {

    static IncomingRequest of(VenueHost host, String method, String target, Map<String, String> headers) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        Map<String, String> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
                }
            }
        }
        // A plus sign is a space only in queries.
        return new IncomingRequest(host, method, decode(path.replace("+", "%2B")), query, headers);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    RequestKind kind() {
        return RequestKind.of(host, path);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    boolean wantsBody() {
        return !method.equals("HEAD");
    }

    boolean keepsConnection() {
        return !header("connection").map("close"::equalsIgnoreCase).orElse(false);
    }
}
