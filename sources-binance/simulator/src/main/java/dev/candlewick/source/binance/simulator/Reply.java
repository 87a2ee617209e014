package dev.candlewick.source.binance.simulator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer before it goes over the wire: status, headers, body, and how many rows the body tells of. Immutable. */
final class Reply {
    private static final String JSON = "application/json;charset=UTF-8";

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final int rows;

    private Reply(int status, Map<String, String> headers, byte[] body, int rows) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.rows = rows;
    }

    static Reply of(int status, String contentType, byte[] body) {
        return new Reply(status, Map.of(), body, 0).with("Content-Type", contentType);
    }

    static Reply json(String body) {
        return of(200, JSON, utf8(body));
    }

    static Reply jsonRows(byte[] body, int rows) {
        return new Reply(200, Map.of("Content-Type", JSON), body, rows);
    }

    static Reply error(int status, int code, String message) {
        return of(
                status,
                JSON,
                utf8(new Json().object("code", code, "msg", message).toString()));
    }

    static Reply html(int status, String title) {
        String page = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title
                + "</h1></center>\r\n</body>\r\n</html>\r\n";
        return of(status, "text/html", utf8(page));
    }

    static Reply xml(int status, String body) {
        return of(status, "application/xml", utf8(body));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, body, rows);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    int rows() {
        return rows;
    }
}
