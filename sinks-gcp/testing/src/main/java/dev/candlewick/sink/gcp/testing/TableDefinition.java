package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of a table: the resource as the REST API shows it, and the parts of it that rows obey. */
final class TableDefinition {
    /**
     * A column.
     *
     * @param name as it was declared; names are compared without case
     * @param type the type of its values
     * @param mode {@code REQUIRED} or {@code NULLABLE}
     */
    record Column(String name, ColumnType type, String mode) {
        boolean required() {
            return mode.equals("REQUIRED");
        }

        ObjectNode into(ArrayNode fields) {
            ObjectNode field = fields.addObject();
            field.put("name", name).put("type", type.name()).put("mode", mode);
            if (type.declared() == ColumnType.Declared.YES) {
                field.put("precision", String.valueOf(type.precision()));
                field.put("scale", String.valueOf(type.scale()));
            }
            return field;
        }
    }

    private final TableName name;
    private final ObjectNode resource;
    private final List<Column> columns;

    TableDefinition(TableName name, ObjectNode resource) {
        this.name = name;
        this.resource = resource;
        this.columns = columns(resource.path("schema"));
        check();
    }

    /** The columns of a schema as the REST API writes it. */
    static List<Column> columns(JsonNode schema) {
        List<Column> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode field : schema.path("fields")) {
            String name = field.path("name").asText();
            if (!name.matches("[\\p{L}_][\\p{L}\\p{N}\\p{Pc}\\p{Pd}\\p{M} &%=+:'<>#|]{0,299}")) {
                throw BigQueryError.invalid("Invalid field name \"" + name
                        + "\". Fields must contain the allowed characters, and be at most 300 characters long.");
            }
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw BigQueryError.invalid(
                        "Invalid schema: Duplicate field names (case insensitive): " + name.toLowerCase(Locale.ROOT));
            }
            String mode = field.path("mode").asText("NULLABLE").toUpperCase(Locale.ROOT);
            if (mode.equals("REPEATED")) {
                throw BigQueryError.notOffered("A REPEATED column");
            }
            columns.add(new Column(name, ColumnType.ofField(field), mode.isEmpty() ? "NULLABLE" : mode));
        }
        return List.copyOf(columns);
    }

    private void check() {
        partitionColumn().ifPresent(partition -> {
            Column column = column(partition)
                    .orElseThrow(() -> BigQueryError.invalid(
                            "The field specified for partitioning cannot be found in the schema: " + partition));
            if (!Set.of("TIMESTAMP", "DATE").contains(column.type().name())) {
                throw BigQueryError.invalid(
                        "The field specified for time partitioning can only be of type TIMESTAMP, DATE or DATETIME. "
                                + "The type found is: " + column.type().name() + ".");
            }
        });
        if (resource.path("timePartitioning").isObject() && partitionColumn().isEmpty()) {
            throw BigQueryError.notOffered("Partitioning by the time of ingestion");
        }
        if (resource.has("rangePartitioning")) {
            throw BigQueryError.notOffered("Partitioning by integer range");
        }
        List<String> clustering = clustering();
        if (clustering.size() > 4) {
            throw BigQueryError.invalid("Too many clustering fields: at most 4 are allowed");
        }
        for (String field : clustering) {
            if (column(field).isEmpty()) {
                throw BigQueryError.invalid(
                        "The field specified for clustering cannot be found in the schema: " + field);
            }
        }
        if (requiresPartitionFilter() && partitionColumn().isEmpty()) {
            throw BigQueryError.invalid("require_partition_filter can only be set for partitioned tables");
        }
    }

    TableName name() {
        return name;
    }

    /** The resource, to be read only. */
    ObjectNode resource() {
        return resource;
    }

    List<Column> columns() {
        return columns;
    }

    List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }

    Optional<Column> column(String wanted) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(wanted))
                .findFirst();
    }

    Optional<String> partitionColumn() {
        String field = resource.path("timePartitioning").path("field").asText("");
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** DuckDB's name of the length of a partition: {@code hour}, {@code day}, {@code month} or {@code year}. */
    String partitionUnit() {
        return resource.path("timePartitioning").path("type").asText("DAY").toLowerCase(Locale.ROOT);
    }

    boolean requiresPartitionFilter() {
        return resource.path("requirePartitionFilter").asBoolean(false)
                || resource.path("timePartitioning")
                        .path("requirePartitionFilter")
                        .asBoolean(false);
    }

    /** How long a partition lives, in milliseconds after its start; 0 when for ever. */
    long partitionExpirationMillis() {
        return resource.path("timePartitioning").path("expirationMs").asLong(0);
    }

    /** When the table goes, in milliseconds since 1970; 0 when never. */
    long expiresAtMillis() {
        return resource.path("expirationTime").asLong(0);
    }

    List<String> clustering() {
        List<String> fields = new ArrayList<>();
        resource.path("clustering").path("fields").forEach(field -> fields.add(field.asText()));
        return fields;
    }

    /** DuckDB's statement that makes the table. */
    String duckCreate() {
        return columns.stream()
                .map(column -> SqlText.name(column.name()) + " " + column.type().duck()
                        + (column.required() ? " NOT NULL" : ""))
                .collect(Collectors.joining(", ", "CREATE TABLE " + name.duck() + " (", ")"));
    }
}
