package dev.candlewick.sink.gcs;

import dev.candlewick.sink.parquet.objects.ObjectNames;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Names of objects as addresses. Immutable. */
final class Paths {

    private final String bucket;
    private final String prefix;
    private final Optional<String> userProject;

    /**
     * Of a bucket, below a prefix.
     *
     * @param prefix empty, or ending in {@code /}
     */
    Paths(String bucket, String prefix, Optional<String> userProject) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.userProject = userProject;
    }

    /** The name in the bucket. */
    String full(String name) {
        return prefix + ObjectNames.checked(name);
    }

    /** What is below a prefix of the storage has in the bucket. */
    String fullPrefix(String below) {
        return prefix + ObjectNames.checkedPrefix(below);
    }

    /** The name in the storage. */
    String relative(String full) {
        return full.substring(prefix.length());
    }

    String object(String full, String query) {
        return paid("/storage/v1/b/" + encoded(bucket) + "/o/" + encoded(full), query);
    }

    String media(String full, String query) {
        return paid("/download/storage/v1/b/" + encoded(bucket) + "/o/" + encoded(full), "alt=media" + query);
    }

    String objects(String query) {
        return paid("/storage/v1/b/" + encoded(bucket) + "/o", query);
    }

    String upload(String query) {
        return paid("/upload/storage/v1/b/" + encoded(bucket) + "/o", query);
    }

    private String paid(String path, String query) {
        return path + "?" + query
                + userProject.map(project -> "&userProject=" + encoded(project)).orElse("");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
