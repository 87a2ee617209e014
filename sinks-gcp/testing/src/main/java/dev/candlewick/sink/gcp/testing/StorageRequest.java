package dev.candlewick.sink.gcp.testing;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request that has arrived, without its body.
 *
 * @param call what it is for
 * @param method of HTTP
 * @param bucket empty where none is named
 * @param object empty where none is named
 * @param parameters of the query, decoded
 * @param headers names in lower case, the first value of each
 */
public record StorageRequest(
        StorageCall call,
        String method,
        String bucket,
        String object,
        Map<String, String> parameters,
        Map<String, String> headers) {

    /** Copies the maps. */
    public StorageRequest {
        parameters = Map.copyOf(parameters);
        headers = Map.copyOf(headers);
    }

    static StorageRequest of(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        List<String> path = new ArrayList<>();
        for (String part : exchange.getRequestURI().getRawPath().substring(1).split("/", -1)) {
            path.add(decoded(part));
        }
        if (path.equals(List.of("token"))) {
            return new StorageRequest(StorageCall.TOKEN, method, "", "", parameters, headers);
        }
        String way = path.get(0);
        if (way.equals("upload") || way.equals("download")) {
            path.remove(0);
        }
        if (path.size() < 3 || !path.subList(0, 3).equals(List.of("storage", "v1", "b"))) {
            String object = String.join("/", path.subList(Math.min(1, path.size()), path.size()));
            StorageCall call = parameters.containsKey("X-Goog-Algorithm") ? StorageCall.SIGNED_READ : StorageCall.OTHER;
            return new StorageRequest(call, method, path.get(0), object, parameters, headers);
        }
        String bucket = path.size() > 3 ? path.get(3) : "";
        String object = path.size() > 5 ? path.get(5) : "";
        StorageCall call = way.equals("upload")
                ? upload(method, parameters, headers)
                : call(method, path.subList(3, path.size()), parameters);
        return new StorageRequest(call, method, bucket, object, parameters, headers);
    }

    private static StorageCall upload(String method, Map<String, String> parameters, Map<String, String> headers) {
        if (!parameters.containsKey("upload_id")) {
            return parameters.getOrDefault("uploadType", "").equals("resumable")
                    ? StorageCall.UPLOAD_START
                    : StorageCall.WRITE;
        }
        if (method.equals("DELETE")) {
            return StorageCall.UPLOAD_CANCEL;
        }
        return headers.getOrDefault("content-range", "").startsWith("bytes */")
                        && headers.getOrDefault("content-length", "0").equals("0")
                ? StorageCall.UPLOAD_STATUS
                : StorageCall.UPLOAD_CHUNK;
    }

    private static StorageCall call(String method, List<String> place, Map<String, String> parameters) {
        if (place.size() <= 1) {
            return StorageCall.BUCKET;
        }
        if (place.size() == 2) {
            return method.equals("GET") ? StorageCall.LIST : StorageCall.OTHER;
        }
        if (place.size() == 4 && place.get(3).equals("compose")) {
            return StorageCall.COMPOSE;
        }
        if (place.size() > 3) {
            return StorageCall.OTHER;
        }
        return switch (method) {
            case "GET" -> parameters.getOrDefault("alt", "json").equals("media") ? StorageCall.READ : StorageCall.HEAD;
            case "DELETE" -> StorageCall.DELETE;
            default -> StorageCall.OTHER;
        };
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new TreeMap<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    parameters.put(
                            decoded(pair.substring(0, equals)),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
        }
        return parameters;
    }

    // In a path a plus sign is itself.
    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
