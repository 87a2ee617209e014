package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;

/** What the service adds to the description of a table. */
final class TableResources {
    private TableResources() {}

    /** Completes what a caller has sent with what the service knows. */
    static void complete(ObjectNode resource, TableName name, Clock clock) {
        long now = clock.millis();
        resource.put("kind", "bigquery#table").put("id", name.toString()).put("type", "TABLE");
        name.into(resource.putObject("tableReference"));
        resource.put("creationTime", String.valueOf(now)).put("lastModifiedTime", String.valueOf(now));
        resource.put("location", "US");
        normalize(resource);
    }

    /** Gives a new table what its dataset says of new tables. */
    static void inherit(ObjectNode resource, ObjectNode dataset, Clock clock) {
        long expires = dataset.path("defaultTableExpirationMs").asLong(0);
        if (expires > 0 && !resource.has("expirationTime")) {
            resource.put("expirationTime", String.valueOf(clock.millis() + expires));
        }
        if (dataset.has("location")) {
            resource.put("location", dataset.path("location").asText());
        }
    }

    /** Writes the schema as the service does: old names of types, a mode for every field. */
    static void normalize(ObjectNode resource) {
        List<TableDefinition.Column> columns = TableDefinition.columns(resource.path("schema"));
        JsonNode before = resource.path("schema").path("fields");
        ObjectNode schema = resource.putObject("schema");
        ArrayNode fields = schema.putArray("fields");
        for (int i = 0; i < columns.size(); i++) {
            ObjectNode field = columns.get(i).into(fields);
            if (before.path(i).has("description")) {
                field.set("description", before.path(i).get("description"));
            }
        }
        if (resource.path("timePartitioning").path("requirePartitionFilter").asBoolean(false)) {
            // Clients may say it in either place; it is shown where it stands now.
            resource.put("requirePartitionFilter", true);
        }
        resource.put("etag", Integer.toHexString(resource.toString().hashCode()));
    }
}
