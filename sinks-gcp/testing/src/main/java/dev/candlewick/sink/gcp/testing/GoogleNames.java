package dev.candlewick.sink.gcp.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names of buckets and objects. */
final class GoogleNames {

    private static final int LONGEST_OBJECT = 1_024;

    private GoogleNames() {}

    static boolean isBucket(String name) {
        return name.matches("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
    }

    static boolean isObject(String name) {
        return !name.isEmpty()
                && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_OBJECT
                && name.indexOf('\r') < 0
                && name.indexOf('\n') < 0
                && !name.equals(".")
                && !name.equals("..")
                && !name.startsWith(".well-known/acme-challenge/");
    }

    /** As a part of a path, also its slashes. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
