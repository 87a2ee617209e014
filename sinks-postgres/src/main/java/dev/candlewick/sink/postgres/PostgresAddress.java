package dev.candlewick.sink.postgres;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server is and who asks. The password is in no text that this class gives.
 *
 * @param places hosts, ports and database: {@code host:5432/database}
 * @param user who asks; empty for the operating system's user
 * @param password the user's; empty for none, or one in a password file
 * @param parameters the driver's parameters without user and password
 */
record PostgresAddress(String places, String user, String password, Map<String, String> parameters) {

    private static final int LAST_PORT = 65_535;
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+(%[A-Za-z0-9]+)?\\]|[\\p{L}\\p{N}._-]*)(:(?<port>[0-9]{1,5}))?");
    private static final Pattern DATABASE = Pattern.compile("[\\p{L}\\p{N}%._~$+-]+");
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z][A-Za-z0-9_.]*");
    private static final Pattern ENCODED = Pattern.compile("([^%]|%[0-9A-Fa-f]{2})*+", Pattern.DOTALL);

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
            throw refused("is none");
        }
        rest = rest.substring(rest.indexOf("//") + 2);
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        String places = question < 0 ? rest : rest.substring(0, question);
        String user = "";
        String password = "";
        int slash = places.indexOf('/');
        int at = places.lastIndexOf('@', slash < 0 ? places.length() : slash);
        if (at >= 0) {
            String credentials = places.substring(0, at);
            places = places.substring(at + 1);
            int colon = credentials.indexOf(':');
            user = decoded(colon < 0 ? credentials : credentials.substring(0, colon));
            password = colon < 0 ? "" : decoded(credentials.substring(colon + 1));
        }
        requirePlaces(places);
        Map<String, String> parameters = parameters(query);
        user = Optional.ofNullable(parameters.remove("user")).orElse(user);
        password = Optional.ofNullable(parameters.remove("password")).orElse(password);
        return new PostgresAddress(places, user, password, parameters);
    }

    // What is here is shown, so nothing that may be a piece of a password gets through.
    private static void requirePlaces(String places) {
        int slash = places.indexOf('/');
        if (slash < 0 || slash == places.length() - 1) {
            throw refused("names no database");
        }
        if (!DATABASE.matcher(places.substring(slash + 1)).matches()) {
            throw refused("has a database with characters that must be percent-encoded there");
        }
        decoded(places.substring(slash + 1));
        for (String host : places.substring(0, slash).split(",", -1)) {
            Matcher parts = HOST.matcher(host);
            if (!parts.matches()) {
                throw refused("has a host or port that can be none");
            }
            String port = parts.group("port");
            if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > LAST_PORT)) {
                throw refused("has a port that is not from 1 to " + LAST_PORT);
            }
        }
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 0 || !PARAMETER.matcher(pair.substring(0, equals)).matches()) {
                throw refused("has something after its question mark that is not NAME=VALUE");
            }
            String name = pair.substring(0, equals);
            // An '@' elsewhere is that of credentials with a '?' in them, and what is before it no host.
            if (pair.indexOf('@') >= 0 && !name.equals("user") && !isSecret(name)) {
                throw refused("has an '@' after its question mark");
            }
            parameters.put(name, decoded(pair.substring(equals + 1)));
        }
        return parameters;
    }

    private static boolean isSecret(String parameter) {
        return parameter.toLowerCase(Locale.ROOT).contains("password");
    }

    /** What must be in no message: the password, and parameters of the kind such as {@code sslpassword}. */
    Set<String> secrets() {
        Set<String> secrets = new TreeSet<>(Set.of(password));
        parameters.forEach((name, value) -> {
            if (isSecret(name)) {
                secrets.add(value);
            }
        });
        secrets.remove("");
        return secrets;
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

    private static IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("The address of the PostgreSQL server " + what
                + "; expected jdbc:postgresql://HOST:5432/DATABASE, with a user and a password"
                + " jdbc:postgresql://HOST:5432/DATABASE?user=USER&password=PASSWORD. In user and password"
                + " / ? # & % and @ are written %2F %3F %23 %26 %25 and %40");
    }

    private static String decoded(String part) {
        if (!ENCODED.matcher(part).matches()) {
            throw refused("has a '%' that is no percent-encoding");
        }
        String decoded = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        // What is no UTF-8 comes as this: a password that was not encoded, and would be another one now.
        if (decoded.indexOf('\uFFFD') >= 0) {
            throw refused("has a '%' that is no percent-encoding");
        }
        return decoded;
    }

    /** Hosts, ports and database. */
    @Override
    public String toString() {
        return places;
    }
}
