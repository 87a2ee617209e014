package dev.candlewick.sink.gcs;

import com.google.api.client.http.HttpContent;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request to the service, which can be sent as often as needed.
 *
 * @param doing in messages: {@code Reading gcs:bucket/name}
 * @param path with the query, encoded
 * @param longestAnswer how many bytes the answer's body may have
 */
record Call(
        String doing,
        String method,
        String path,
        Map<String, String> headers,
        Optional<HttpContent> content,
        int longestAnswer) {

    private static final int LONGEST_JSON = 64 << 20;

    Call(String doing, String method, String path) {
        this(doing, method, path, Map.of(), Optional.empty(), LONGEST_JSON);
    }

    Call {
        headers = Map.copyOf(headers);
    }

    Call header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Call(doing, method, path, more, content, longestAnswer);
    }

    Call content(HttpContent body) {
        return new Call(doing, method, path, headers, Optional.of(body), longestAnswer);
    }

    Call answerOf(int bytes) {
        return new Call(doing, method, path, headers, content, bytes);
    }
}
