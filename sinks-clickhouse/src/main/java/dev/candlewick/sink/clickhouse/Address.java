package dev.candlewick.sink.clickhouse;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where a server is and who asks. The password is in no text that this class gives.
 *
 * @param endpoint scheme, host and port
 * @param database whose tables
 * @param user who asks
 * @param password the user's, may be empty
 */
record Address(String endpoint, String database, String user, String password) {

    private static final int HTTP_PORT = 8123;
    private static final int HTTPS_PORT = 8443;

    /** Reads {@code http://user:password@host:8123/database}; user, password, port and database may be left away. */
    static Address parse(String text) {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException malformed) {
            // Its message would repeat the text, and with it a password.
            throw new IllegalArgumentException("The address of the ClickHouse server is no URL; " + expected());
        }
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("");
        String host = Optional.ofNullable(uri.getHost()).orElse("");
        if (!(scheme.equals("http") || scheme.equals("https")) || host.isEmpty()) {
            throw new IllegalArgumentException("The address of the ClickHouse server has no http:// or no host; "
                    + expected() + ". The native port (9000) speaks another protocol than HTTP (8123)");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "The address of a ClickHouse server takes no parameters; settings have builder methods; "
                            + expected());
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        String database = Optional.ofNullable(uri.getPath())
                .orElse("")
                .replaceFirst("^/", "")
                .replaceFirst("/$", "");
        String credentials = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
        int colon = credentials.indexOf(':');
        String user = decoded(colon < 0 ? credentials : credentials.substring(0, colon));
        String password = colon < 0 ? "" : decoded(credentials.substring(colon + 1));
        return new Address(
                scheme + "://" + host + ":" + port,
                database.isEmpty() ? "default" : database,
                user.isEmpty() ? "default" : user,
                password);
    }

    /**
     * The address in the environment variables {@code CLICKHOUSE_HOST}, {@code CLICKHOUSE_PORT}, {@code CLICKHOUSE_DB},
     * {@code CLICKHOUSE_USER} and {@code CLICKHOUSE_PASSWORD}.
     */
    static Address of(Map<String, String> environment) {
        String host = environment.getOrDefault("CLICKHOUSE_HOST", "");
        if (host.isEmpty()) {
            throw new IllegalArgumentException("The environment names no CLICKHOUSE_HOST; " + expected());
        }
        String port = environment.getOrDefault("CLICKHOUSE_PORT", "");
        String scheme = port.equals(Integer.toString(HTTPS_PORT)) ? "https" : "http";
        String base = host.contains("://") ? host : scheme + "://" + host;
        return parse(base + (port.isEmpty() ? "" : ":" + port) + "/" + environment.getOrDefault("CLICKHOUSE_DB", ""))
                .completed(environment);
    }

    /** This address with the user and password of the environment where it names no user of its own. */
    Address completed(Map<String, String> environment) {
        String named = environment.getOrDefault("CLICKHOUSE_USER", "");
        String secret = environment.getOrDefault("CLICKHOUSE_PASSWORD", "");
        if (!password.isEmpty() || (!user.equals("default") && !user.equals(named))) {
            return this;
        }
        return new Address(endpoint, database, named.isEmpty() ? user : named, secret);
    }

    Address withCredentials(String newUser, String newPassword) {
        return new Address(endpoint, database, newUser, newPassword);
    }

    /** Whether the server is on this machine, where compressing costs more than it saves. */
    boolean isLoopback() {
        String host = Optional.ofNullable(URI.create(endpoint).getHost()).orElse("");
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private static String expected() {
        return "expected http://HOST:8123/DATABASE, with a user and a password http://USER:PASSWORD@HOST:8123/DATABASE";
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Endpoint and database. */
    @Override
    public String toString() {
        return endpoint + "/" + database;
    }
}
