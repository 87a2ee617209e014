package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The full name of a table.
 *
 * @param project its project
 * @param dataset its dataset
 * @param table its name in the dataset
 */
record TableName(String project, String dataset, String table) {
    static TableName of(JsonNode reference, String defaultProject) {
        return new TableName(
                reference.path("projectId").asText(defaultProject),
                reference.path("datasetId").asText(),
                reference.path("tableId").asText());
    }

    /** DuckDB's name of it: a dataset is a schema. */
    String duck() {
        return SqlText.name(project + ":" + dataset) + "." + SqlText.name(table);
    }

    void into(ObjectNode reference) {
        reference.put("projectId", project).put("datasetId", dataset).put("tableId", table);
    }

    /** As messages and ids write it. */
    @Override
    public String toString() {
        return project + ":" + dataset + "." + table;
    }

    /** As GoogleSQL writes it. */
    String dotted() {
        return project + "." + dataset + "." + table;
    }
}
