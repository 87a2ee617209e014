package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.duckdb.DuckDBConnection;

/** Datasets and tables, kept in one DuckDB database with what is known of them, so that both outlive the server. */
final class Warehouse implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Casts whose result BigQuery writes otherwise: decimals without closing zeros, timestamps with their offset, halves
     * away from zero. The text of a FLOAT64 is BigQuery's own, so it is refused.
     */
    private static final List<String> MACROS = List.of("""
            CREATE OR REPLACE MACRO bq_text(x) AS CASE
              WHEN typeof(x) LIKE 'DECIMAL%' THEN
                CASE WHEN CAST(x AS VARCHAR) LIKE '%.%' THEN rtrim(rtrim(CAST(x AS VARCHAR), '0'), '.')
                     ELSE CAST(x AS VARCHAR) END
              WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN error('CAST of FLOAT64 to STRING is not offered by the local BigQuery')
              WHEN typeof(x) = 'TIMESTAMP' THEN CAST(x AS VARCHAR) || '+00'
              ELSE CAST(x AS VARCHAR) END""", """
            CREATE OR REPLACE MACRO bq_integer(x) AS CASE
              WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN CAST(round(CAST(x AS DOUBLE)) AS BIGINT)
              ELSE CAST(x AS BIGINT) END""");

    private final DuckDBConnection root;
    private final Clock clock;
    private final TableLocks locks = new TableLocks();
    private final NavigableMap<String, ObjectNode> datasets = new TreeMap<>();
    private final NavigableMap<String, TableDefinition> tables = new TreeMap<>();

    /** Without a directory the tables live in memory, which spares every test the way to the disk. */
    Warehouse(Optional<Path> directory, Clock clock) {
        this.clock = clock;
        String file = directory
                .map(place -> place.resolve("bigquery.duckdb").toString())
                .orElse("");
        Properties settings = new Properties();
        settings.setProperty("memory_limit", "2GB");
        settings.setProperty("threads", "2");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        try {
            root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, settings);
            run(root, "SET TimeZone = 'UTC'");
            run(root, "CREATE SCHEMA IF NOT EXISTS candlewick");
            run(root, "CREATE TABLE IF NOT EXISTS candlewick.resources (kind VARCHAR, id VARCHAR, resource VARCHAR)");
            for (String macro : MACROS) {
                run(root, macro);
            }
            read();
        } catch (SQLException e) {
            throw new IllegalStateException("The database '" + file + "' cannot be opened", e);
        }
    }

    private void read() throws SQLException {
        for (Map.Entry<String, ObjectNode> dataset : resources("dataset").entrySet()) {
            datasets.put(dataset.getKey(), dataset.getValue());
        }
        for (ObjectNode resource : resources("table").values()) {
            TableName name = TableName.of(resource.path("tableReference"), "");
            tables.put(name.toString(), new TableDefinition(name, resource));
        }
    }

    /** What was kept under this kind, by id. */
    synchronized NavigableMap<String, ObjectNode> resources(String kind) {
        NavigableMap<String, ObjectNode> found = new TreeMap<>();
        try (PreparedStatement query =
                root.prepareStatement("SELECT id, resource FROM candlewick.resources WHERE kind = ?")) {
            query.setString(1, kind);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), (ObjectNode) JSON.readTree(rows.getString(2)));
                }
            }
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException("What is known of the tables cannot be read", e);
        }
        return found;
    }

    /** Keeps a resource in place of the one with the same kind and id; in the transaction of the connection, if any. */
    static void keep(Connection connection, String kind, String id, Optional<ObjectNode> resource) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM candlewick.resources WHERE kind = ? AND id = ?")) {
            delete.setString(1, kind);
            delete.setString(2, id);
            delete.execute();
        }
        if (resource.isPresent()) {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO candlewick.resources VALUES (?, ?, ?)")) {
                insert.setString(1, kind);
                insert.setString(2, id);
                insert.setString(3, resource.get().toString());
                insert.execute();
            }
        }
    }

    /** Keeps a resource by itself. */
    synchronized void keep(String kind, String id, ObjectNode resource) {
        try {
            run(root, "BEGIN TRANSACTION");
            keep(root, kind, id, Optional.of(resource));
            run(root, "COMMIT");
        } catch (SQLException e) {
            throw new IllegalStateException("The " + kind + " " + id + " cannot be kept", e);
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A connection to the same database, the caller's to close. */
    Connection connect() {
        try {
            Connection connection = root.duplicate();
            run(connection, "SET TimeZone = 'UTC'");
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException("No further connection to DuckDB", e);
        }
    }

    Clock clock() {
        return clock;
    }

    TableLocks locks() {
        return locks;
    }

    synchronized ObjectNode dataset(String project, String dataset) {
        ObjectNode resource = datasets.get(project + ":" + dataset);
        if (resource == null) {
            throw BigQueryError.notFound("Dataset " + project + ":" + dataset);
        }
        return resource;
    }

    synchronized List<ObjectNode> datasets(String project) {
        return new ArrayList<>(
                datasets.subMap(project + ":", project + ":\uffff").values());
    }

    synchronized void insertDataset(String project, String dataset, ObjectNode resource) {
        String id = project + ":" + dataset;
        if (!dataset.matches("[A-Za-z0-9_]{1,1024}")) {
            throw BigQueryError.invalid(
                    "Invalid dataset ID \"" + dataset
                            + "\". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.");
        }
        if (datasets.containsKey(id)) {
            throw BigQueryError.duplicate("Dataset " + id);
        }
        together("the dataset " + id, () -> {
            run(root, "CREATE SCHEMA IF NOT EXISTS " + SqlText.name(id));
            keep(root, "dataset", id, Optional.of(resource));
        });
        datasets.put(id, resource);
    }

    synchronized void replaceDataset(String project, String dataset, ObjectNode resource) {
        keep("dataset", project + ":" + dataset, resource);
        datasets.put(project + ":" + dataset, resource);
    }

    synchronized void deleteDataset(String project, String dataset, boolean contents) {
        String id = project + ":" + dataset;
        dataset(project, dataset);
        List<TableDefinition> inside = tables(project, dataset);
        if (!inside.isEmpty() && !contents) {
            throw BigQueryError.of("resourceInUse", "Dataset " + id + " is still in use");
        }
        inside.forEach(table -> drop(table.name()));
        together("the dataset " + id, () -> {
            run(root, "DROP SCHEMA " + SqlText.name(id));
            keep(root, "dataset", id, Optional.empty());
        });
        datasets.remove(id);
    }

    /** The definition of a table; one whose time is over is dropped first. */
    synchronized TableDefinition table(TableName name) {
        TableDefinition table = tables.get(name.toString());
        if (table != null && table.expiresAtMillis() > 0 && table.expiresAtMillis() <= clock.millis()) {
            drop(name);
            table = null;
        }
        if (table == null) {
            dataset(name.project(), name.dataset());
            throw BigQueryError.notFound("Table " + name);
        }
        return table;
    }

    synchronized boolean has(TableName name) {
        try {
            table(name);
            return true;
        } catch (BigQueryError e) {
            if (datasets.containsKey(name.project() + ":" + name.dataset())) {
                return false;
            }
            throw e;
        }
    }

    synchronized List<TableDefinition> tables(String project, String dataset) {
        dataset(project, dataset);
        String prefix = project + ":" + dataset + ".";
        return new ArrayList<>(tables.subMap(prefix, prefix + "\uffff").values())
                .stream().filter(table -> has(table.name())).toList();
    }

    synchronized void create(TableDefinition table) {
        TableName name = table.name();
        if (!name.table().matches("[\\p{L}\\p{M}\\p{N}\\p{Pc}\\p{Pd} ]{1,1024}")) {
            throw BigQueryError.invalid("Invalid table ID \"" + name.table() + "\".");
        }
        dataset(name.project(), name.dataset());
        if (has(name)) {
            throw BigQueryError.duplicate("Table " + name);
        }
        if (table.columns().isEmpty()) {
            throw BigQueryError.notOffered("A table without columns");
        }
        together("the table " + name, () -> {
            run(root, table.duckCreate());
            keep(root, "table", name.toString(), Optional.of(table.resource()));
        });
        tables.put(name.toString(), table);
    }

    /** Gives a table a new definition, whose columns may be more, and may require less. */
    synchronized void redefine(TableDefinition table) {
        TableDefinition before = table(table.name());
        List<String> changes = new ArrayList<>();
        for (TableDefinition.Column column : before.columns()) {
            TableDefinition.Column now = table.column(column.name())
                    .orElseThrow(
                            () -> schemaMismatch(table.name(), "Field " + column.name() + " is missing in new schema"));
            if (!now.type().equals(column.type())) {
                throw schemaMismatch(
                        table.name(),
                        "Field " + column.name() + " has changed type from "
                                + column.type().sql() + " to " + now.type().sql());
            }
            if (now.required() && !column.required()) {
                throw schemaMismatch(
                        table.name(), "Field " + column.name() + " has changed mode from NULLABLE to REQUIRED");
            }
            if (!now.required() && column.required()) {
                changes.add("ALTER COLUMN " + SqlText.name(column.name()) + " DROP NOT NULL");
            }
        }
        for (TableDefinition.Column column : table.columns()) {
            if (before.column(column.name()).isPresent()) {
                continue;
            }
            if (column.required()) {
                throw schemaMismatch(
                        table.name(),
                        "Cannot add required fields to an existing schema. (field: " + column.name() + ")");
            }
            changes.add("ADD COLUMN " + SqlText.name(column.name()) + " "
                    + column.type().duck());
        }
        together("the table " + table.name(), () -> {
            for (String change : changes) {
                run(root, "ALTER TABLE " + table.name().duck() + " " + change);
            }
            keep(root, "table", table.name().toString(), Optional.of(table.resource()));
        });
        tables.put(table.name().toString(), table);
    }

    static BigQueryError schemaMismatch(TableName table, String how) {
        return BigQueryError.invalid("Provided Schema does not match Table " + table + ". " + how + ".");
    }

    synchronized void drop(TableName name) {
        together("the table " + name, () -> {
            run(root, "DROP TABLE " + name.duck());
            keep(root, "table", name.toString(), Optional.empty());
        });
        tables.remove(name.toString());
    }

    /** Deletes the partitions of a table whose time is over. */
    void expirePartitions(TableDefinition table) {
        if (table.partitionExpirationMillis() == 0) {
            return;
        }
        String old = "date_trunc('" + table.partitionUnit() + "', "
                + SqlText.name(table.partitionColumn().orElseThrow()) + ") < "
                + SqlText.timestamp((clock.millis() - table.partitionExpirationMillis()) * 1000);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet any =
                    statement.executeQuery("SELECT 1 FROM " + table.name().duck() + " WHERE " + old + " LIMIT 1")) {
                if (!any.next()) {
                    return;
                }
            }
            TableLocks.Holder holder = locks.begin("expiry");
            locks.await(holder, table.name());
            try {
                statement.execute("DELETE FROM " + table.name().duck() + " WHERE " + old);
            } finally {
                locks.release(holder);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Old partitions of " + table.name() + " cannot be deleted", e);
        }
    }

    /** Changes that are made together or not at all. */
    private interface Changes {
        void run() throws SQLException;
    }

    private void together(String what, Changes changes) {
        try {
            run(root, "BEGIN TRANSACTION");
            try {
                changes.run();
                run(root, "COMMIT");
            } catch (SQLException e) {
                run(root, "ROLLBACK");
                throw e;
            }
        } catch (SQLException e) {
            throw new BigQueryError(500, "internalError", "DuckDB refuses to change " + what + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            root.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close", e);
        }
    }
}
