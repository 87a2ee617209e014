package dev.candlewick.source.tardis.simulator;

import java.util.Map;

/**
 * One request and what it was answered.
 *
 * @param method the HTTP method
 * @param path percent-decoded
 * @param query what follows the question mark, empty for nothing
 * @param headers by lower-case name, the first value of each
 * @param status of the answer
 */
public record ServedRequest(String method, String path, String query, Map<String, String> headers, int status) {

    /** Whether it was about a daily file. */
    public boolean isFile() {
        return path.endsWith(".csv.gz");
    }

    /** Method, address and status; headers may hold a key and are left out. */
    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + query) + " " + status;
    }
}
