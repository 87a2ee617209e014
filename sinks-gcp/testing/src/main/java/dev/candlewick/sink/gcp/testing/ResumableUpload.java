package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candlewick.sink.gcp.testing.CloudObjects.Conditions;
import java.util.Optional;

/**
 * An upload in chunks: what it is to become, and what has arrived of it. Guarded by itself, as its owner sends one chunk at
 * a time or has given one up.
 */
final class ResumableUpload {

    /** All chunks but the last are a multiple of this. */
    static final int GRAIN = 256 * 1024;

    private final String bucket;
    private final String name;
    private final JsonNode resource;
    private final Conditions conditions;
    private final StoredContent.Arriving content;
    private Optional<CloudObject> done = Optional.empty();

    ResumableUpload(
            String bucket, String name, JsonNode resource, Conditions conditions, StoredContent.Arriving content) {
        this.bucket = bucket;
        this.name = name;
        this.resource = resource;
        this.conditions = conditions;
        this.content = content;
    }

    String bucket() {
        return bucket;
    }

    String name() {
        return name;
    }

    JsonNode resource() {
        return resource;
    }

    Conditions conditions() {
        return conditions;
    }

    StoredContent.Arriving content() {
        return content;
    }

    Optional<CloudObject> done() {
        return done;
    }

    void becomes(CloudObject object) {
        done = Optional.of(object);
    }
}
