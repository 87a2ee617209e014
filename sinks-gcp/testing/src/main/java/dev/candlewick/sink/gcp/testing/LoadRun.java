package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One load of a Parquet file into a table: everything of it or nothing. */
final class LoadRun {
    private final Warehouse warehouse;
    private final BigQueryQuotas quotas;
    private final JsonNode load;
    private final Path file;
    private final TableName target;
    private final String partition;

    LoadRun(Warehouse warehouse, BigQueryQuotas quotas, JsonNode load, String project, Path file) {
        this.warehouse = warehouse;
        this.quotas = quotas;
        this.load = load;
        this.file = file;
        TableName named = TableName.of(load.path("destinationTable"), project);
        int dollar = named.table().indexOf('$');
        this.partition = dollar < 0 ? "" : named.table().substring(dollar + 1);
        this.target = dollar < 0
                ? named
                : new TableName(named.project(), named.dataset(), named.table().substring(0, dollar));
    }

    TableName target() {
        return target;
    }

    /** Loads, and returns the statistics of it. */
    ObjectNode run() {
        if (!load.path("sourceFormat").asText("CSV").equals("PARQUET")) {
            throw BigQueryError.notOffered(
                    "A load of " + load.path("sourceFormat").asText("CSV"));
        }
        if (load.has("sourceUris")) {
            throw BigQueryError.notOffered("A load from Cloud Storage");
        }
        quotas.countLoad(target);
        boolean there = warehouse.has(target);
        try {
            return loaded();
        } catch (BigQueryError e) {
            if (!there && warehouse.has(target)) {
                warehouse.drop(target);
            }
            throw e;
        }
    }

    private ObjectNode loaded() {
        try (Connection connection = warehouse.connect()) {
            List<TableDefinition.Column> found = fileColumns(connection);
            TableDefinition table = table(found);
            checkSchema(table, found);
            checkDecimals(connection, table, found);
            return write(connection, table, found);
        } catch (SQLException e) {
            throw BigQueryError.invalid("Error while reading data, error message: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private String rows() {
        return "read_parquet('" + file.toString().replace("'", "''") + "')";
    }

    private List<TableDefinition.Column> fileColumns(Connection connection) throws SQLException {
        Set<String> required = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet fields = statement.executeQuery("SELECT name, repetition_type FROM parquet_schema('"
                        + file.toString().replace("'", "''") + "')")) {
            while (fields.next()) {
                if (String.valueOf(fields.getString(2)).equals("REQUIRED")) {
                    required.add(fields.getString(1));
                }
            }
        } catch (SQLException e) {
            throw BigQueryError.invalid(
                    "Error while reading data, error message: Input file is not in Parquet format.");
        }
        List<TableDefinition.Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet described = statement.executeQuery("DESCRIBE SELECT * FROM " + rows())) {
            while (described.next()) {
                String name = described.getString(1);
                columns.add(new TableDefinition.Column(
                        name,
                        fileType(name, described.getString(2)),
                        required.contains(name) ? "REQUIRED" : "NULLABLE"));
            }
        }
        return columns;
    }

    private static ColumnType fileType(String name, String duck) {
        String type = duck.toUpperCase(Locale.ROOT);
        if (type.startsWith("DECIMAL(")) {
            int comma = type.indexOf(',');
            int precision = Integer.parseInt(type.substring(8, comma).trim());
            int scale = Integer.parseInt(
                    type.substring(comma + 1, type.length() - 1).trim());
            return new ColumnType("NUMERIC", precision, scale, ColumnType.Declared.NO);
        }
        return switch (type) {
            case "TIMESTAMP WITH TIME ZONE" -> ColumnType.TIMESTAMP;
            case "VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "BOOLEAN", "DATE" ->
                ColumnType.ofDuck(type);
            default -> throw BigQueryError.notOffered("A load of the column " + name + " of the type " + duck);
        };
    }

    private TableDefinition table(List<TableDefinition.Column> found) {
        if (warehouse.has(target)) {
            return warehouse.table(target);
        }
        if (load.path("createDisposition").asText("CREATE_IF_NEEDED").equals("CREATE_NEVER")) {
            throw BigQueryError.notFound("Table " + target);
        }
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        for (String part : List.of("schema", "timePartitioning", "clustering")) {
            if (load.has(part)) {
                resource.set(part, load.get(part));
            }
        }
        if (!resource.has("schema")) {
            for (TableDefinition.Column column : found) {
                derived(column).into(resource.withObject("/schema").withArray("fields"));
            }
        }
        TableResources.complete(resource, target, warehouse.clock());
        TableResources.inherit(resource, warehouse.dataset(target.project(), target.dataset()), warehouse.clock());
        TableDefinition table = new TableDefinition(target, resource);
        warehouse.create(table);
        return table;
    }

    private TableDefinition.Column derived(TableDefinition.Column column) {
        ColumnType type = column.type();
        if (!type.isDecimal()) {
            return column;
        }
        if (type.scale() <= 9 && type.precision() - type.scale() <= 29) {
            return new TableDefinition.Column(column.name(), ColumnType.NUMERIC, column.mode());
        }
        for (JsonNode allowed : load.path("decimalTargetTypes")) {
            if (allowed.asText().equals("BIGNUMERIC")) {
                return new TableDefinition.Column(
                        column.name(), ColumnType.named("BIGNUMERIC", type.precision(), type.scale()), column.mode());
            }
        }
        throw BigQueryError.invalid("Error while reading data, error message: Decimal column " + column.name()
                + " with precision " + type.precision() + " and scale " + type.scale() + " does not fit NUMERIC");
    }

    private void checkSchema(TableDefinition table, List<TableDefinition.Column> found) {
        if (load.has("schema")) {
            List<TableDefinition.Column> told = TableDefinition.columns(load.path("schema"));
            for (TableDefinition.Column column : told) {
                TableDefinition.Column there = table.column(column.name())
                        .orElseThrow(() -> mismatch("Cannot add fields (field: " + column.name() + ")"));
                checkType(column, there);
                checkMode(column, there);
            }
        }
        for (TableDefinition.Column column : found) {
            TableDefinition.Column there = table.column(column.name())
                    .orElseThrow(() -> mismatch("Cannot add fields (field: " + column.name() + ")"));
            checkType(column, there);
            if (!load.has("schema")) {
                checkMode(column, there);
            }
        }
        for (TableDefinition.Column column : table.columns()) {
            boolean there = found.stream().anyMatch(other -> other.name().equalsIgnoreCase(column.name()));
            if (column.required() && !there) {
                throw mismatch("Field " + column.name() + " is missing in new schema");
            }
        }
    }

    private void checkType(TableDefinition.Column column, TableDefinition.Column there) {
        boolean same = column.type().name().equals(there.type().name())
                || (column.type().isDecimal() && there.type().isDecimal());
        if (!same) {
            throw mismatch("Field " + column.name() + " has changed type from "
                    + there.type().name() + " to " + column.type().name());
        }
    }

    private void checkMode(TableDefinition.Column column, TableDefinition.Column there) {
        if (there.required() && !column.required()) {
            throw mismatch("Field " + column.name() + " has changed mode from REQUIRED to NULLABLE");
        }
    }

    private BigQueryError mismatch(String how) {
        return Warehouse.schemaMismatch(target, how);
    }

    private void checkDecimals(Connection connection, TableDefinition table, List<TableDefinition.Column> found)
            throws SQLException {
        for (TableDefinition.Column column : found) {
            ColumnType from = column.type();
            ColumnType to = table.column(column.name()).orElseThrow().type();
            if (!from.isDecimal()
                    || (from.scale() <= to.scale() && from.precision() - from.scale() <= to.precision() - to.scale())) {
                continue;
            }
            String value = SqlText.name(column.name());
            String cast = "TRY_CAST(" + value + " AS " + to.duck() + ")";
            try (Statement statement = connection.createStatement();
                    ResultSet bad = statement.executeQuery("SELECT CAST(" + value + " AS VARCHAR) FROM " + rows()
                            + " WHERE " + value + " IS NOT NULL AND (" + cast + " IS NULL OR bq_text(" + cast
                            + ") <> bq_text(" + value + ")) LIMIT 1")) {
                if (bad.next()) {
                    throw BigQueryError.invalid("Error while reading data, error message: Invalid value "
                            + bad.getString(1) + " for column " + column.name() + " of the type " + to.sql());
                }
            }
        }
    }

    private ObjectNode write(Connection connection, TableDefinition table, List<TableDefinition.Column> found)
            throws SQLException {
        String disposition = load.path("writeDisposition").asText("WRITE_APPEND");
        String name = table.name().duck();
        StringBuilder columns = new StringBuilder();
        StringBuilder values = new StringBuilder();
        for (TableDefinition.Column column : found) {
            TableDefinition.Column there = table.column(column.name()).orElseThrow();
            columns.append(columns.isEmpty() ? "" : ", ").append(SqlText.name(there.name()));
            values.append(values.isEmpty() ? "" : ", ")
                    .append("CAST(")
                    .append(SqlText.name(column.name()))
                    .append(" AS ")
                    .append(there.type().duck())
                    .append(")");
        }
        if (!partition.isEmpty()) {
            checkPartition(connection, table);
        }
        boolean truncate = disposition.equals("WRITE_TRUNCATE");
        TableLocks.Holder holder = warehouse.locks().begin("load");
        if (truncate) {
            warehouse.locks().await(holder, target);
        }
        long rows;
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN TRANSACTION");
            if (truncate) {
                statement.execute("DELETE FROM " + name
                        + (partition.isEmpty() ? "" : " WHERE " + inPartition(table) + " IS TRUE"));
            } else if (disposition.equals("WRITE_EMPTY")) {
                try (ResultSet any = statement.executeQuery("SELECT 1 FROM " + name + " LIMIT 1")) {
                    if (any.next()) {
                        throw BigQueryError.duplicate("Table " + target);
                    }
                }
            }
            rows = statement.executeLargeUpdate(
                    "INSERT INTO " + name + " (" + columns + ") SELECT " + values + " FROM " + rows());
            statement.execute("COMMIT");
            if (truncate) {
                warehouse.locks().committed(holder);
            }
        } catch (SQLException | BigQueryError e) {
            // The connection is closed with its transaction.
            if (e instanceof SQLException sql
                    && String.valueOf(sql.getMessage()).contains("NOT NULL constraint failed")) {
                String message = String.valueOf(sql.getMessage());
                throw BigQueryError.invalid("Error while reading data, error message: Required column value for column "
                        + message.substring(message.lastIndexOf('.') + 1) + " cannot be null");
            }
            throw e;
        } finally {
            warehouse.locks().release(holder);
        }
        ObjectNode statistics = JsonNodeFactory.instance.objectNode();
        try {
            String size = String.valueOf(Files.size(file));
            statistics.put("inputFiles", "1").put("inputFileBytes", size);
            statistics.put("outputRows", String.valueOf(rows)).put("outputBytes", size);
            statistics.put("badRecords", "0");
        } catch (IOException e) {
            throw BigQueryError.of("internalError", "The upload is gone: " + e.getMessage());
        }
        return statistics;
    }

    private String inPartition(TableDefinition table) {
        String column = table.partitionColumn()
                .orElseThrow(() -> BigQueryError.invalid("Table " + target + " is not partitioned"));
        String format = table.partitionUnit().equals("hour") ? "%Y%m%d%H" : "%Y%m%d";
        if (!Set.of("hour", "day").contains(table.partitionUnit()) || !partition.matches("\\d+")) {
            throw BigQueryError.notOffered("The partition decorator $" + partition);
        }
        return "strftime(" + SqlText.name(column) + ", '" + format + "') = '" + partition + "'";
    }

    private void checkPartition(Connection connection, TableDefinition table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet other = statement.executeQuery(
                        "SELECT 1 FROM " + rows() + " WHERE (" + inPartition(table) + ") IS NOT TRUE LIMIT 1")) {
            if (other.next()) {
                throw BigQueryError.invalid(
                        "Some rows belong to different partitions rather than destination partition " + partition);
            }
        }
    }
}
