package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** A generation of an object. */
record CloudObject(
        String bucket,
        String name,
        long generation,
        long metageneration,
        StoredContent content,
        Instant created,
        String contentType,
        Map<String, String> metadata,
        Optional<Integer> components) {

    String etag() {
        return "C" + Long.toString(generation, 36) + "E" + metageneration;
    }

    ObjectNode json(String endpoint) {
        String time = DateTimeFormatter.ISO_INSTANT.format(created.truncatedTo(ChronoUnit.MILLIS));
        String path = endpoint + "/storage/v1/b/" + bucket + "/o/" + GoogleNames.encoded(name);
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "storage#object")
                .put("id", bucket + "/" + name + "/" + generation)
                .put("selfLink", path)
                .put("mediaLink", path.replace("/storage/v1/", "/download/storage/v1/") + "?alt=media")
                .put("name", name)
                .put("bucket", bucket)
                .put("generation", Long.toString(generation))
                .put("metageneration", Long.toString(metageneration))
                .put("contentType", contentType)
                .put("storageClass", "STANDARD")
                .put("size", Long.toString(content.length()))
                .put("crc32c", content.crc32c())
                .put("etag", etag())
                .put("timeCreated", time)
                .put("updated", time)
                .put("timeStorageClassUpdated", time);
        if (components.isPresent()) {
            json.put("componentCount", components.get());
        } else {
            json.put("md5Hash", content.md5());
        }
        if (!metadata.isEmpty()) {
            ObjectNode own = json.putObject("metadata");
            metadata.forEach(own::put);
        }
        return json;
    }
}
