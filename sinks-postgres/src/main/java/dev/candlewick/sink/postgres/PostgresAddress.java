package dev.candlewick.sink.postgres;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a server is and who asks. The password is in no text that this class gives.
 *
 * @param places hosts, ports and database: {@code host:5432/database}
 * @param user who asks; empty for the operating system's user
 * @param password the user's; empty for none, or one in a password file
 * @param parameters the driver's parameters without user and password
 */
record PostgresAddress(String places, String user, String password, Map<String, String> parameters) {

    PostgresAddress {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads {@code jdbc:postgresql://host:5432/database?user=me&password=secret}, and the form of libpq,
     * {@code postgresql://me:secret@host/database}.
     */
    static PostgresAddress parse(String text) {
        String rest = text.strip();
        if (rest.startsWith("jdbc:")) {
            rest = rest.substring("jdbc:".length());
        }
        if (!rest.startsWith("postgresql://") && !rest.startsWith("postgres://")) {
            throw new IllegalArgumentException("The address of the PostgreSQL server is none; " + expected());
        }
        rest = rest.substring(rest.indexOf("//") + 2);
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        String places = question < 0 ? rest : rest.substring(0, question);
        String user = "";
        String password = "";
        int at = places.lastIndexOf('@');
        if (at >= 0) {
            String credentials = places.substring(0, at);
            places = places.substring(at + 1);
            int colon = credentials.indexOf(':');
            user = decoded(colon < 0 ? credentials : credentials.substring(0, colon));
            password = colon < 0 ? "" : decoded(credentials.substring(colon + 1));
        }
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            } else if (!pair.isEmpty()) {
                parameters.put(decoded(pair), "");
            }
        }
        user = Optional.ofNullable(parameters.remove("user")).orElse(user);
        password = Optional.ofNullable(parameters.remove("password")).orElse(password);
        if (places.indexOf('/') < 0 || places.endsWith("/")) {
            throw new IllegalArgumentException("The address of the PostgreSQL server names no database; " + expected());
        }
        return new PostgresAddress(places, user, password, parameters);
    }

    /** This address with the user and password of the environment where it names none of its own. */
    PostgresAddress completed(Map<String, String> environment) {
        String named = environment.getOrDefault("PGUSER", "");
        String secret = environment.getOrDefault("PGPASSWORD", "");
        String who = user.isEmpty() ? named : user;
        boolean same = user.isEmpty() || named.isEmpty() || user.equals(named);
        return new PostgresAddress(places, who, password.isEmpty() && same ? secret : password, parameters);
    }

    PostgresAddress withCredentials(String newUser, String newPassword) {
        return new PostgresAddress(places, newUser, newPassword, parameters);
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + places;
    }

    private static String expected() {
        return "expected jdbc:postgresql://HOST:5432/DATABASE, with a user and a password"
                + " jdbc:postgresql://HOST:5432/DATABASE?user=USER&password=PASSWORD";
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Hosts, ports and database. */
    @Override
    public String toString() {
        return places;
    }
}
