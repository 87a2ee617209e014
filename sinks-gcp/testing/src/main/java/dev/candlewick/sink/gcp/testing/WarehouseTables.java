package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a {@link LocalBigQuery} for its other protocols. Tables are named as the Storage API names them,
 * {@code projects/P/datasets/D/tables/T}. A value is a String, Long (also microseconds of a TIMESTAMP), Double, Boolean or
 * BigDecimal, or null. Safe for use by several threads.
 */
final class WarehouseTables implements StreamTables {
    private static final Pattern NAME = Pattern.compile("projects/([^/]+)/datasets/([^/]+)/tables/([^/]+)");

    private final Warehouse warehouse;

    WarehouseTables(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    private TableDefinition table(String path) {
        Matcher name = NAME.matcher(path);
        if (!name.matches()) {
            throw new IllegalArgumentException("Not a table: " + path);
        }
        try {
            return warehouse.table(new TableName(name.group(1), name.group(2), name.group(3)));
        } catch (BigQueryError e) {
            throw new IllegalArgumentException(e.text(), e);
        }
    }

    /** The columns of a table; empty when there is no such table. */
    @Override
    public Optional<TableSchema> schema(String path) {
        TableDefinition table;
        try {
            table = table(path);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        TableSchema.Builder schema = TableSchema.newBuilder();
        for (TableDefinition.Column column : table.columns()) {
            TableFieldSchema.Builder field = schema.addFieldsBuilder()
                    .setName(column.name())
                    .setType(type(column.type()))
                    .setMode(column.required() ? TableFieldSchema.Mode.REQUIRED : TableFieldSchema.Mode.NULLABLE);
            if (column.type().declared() == ColumnType.Declared.YES) {
                field.setPrecision(column.type().precision())
                        .setScale(column.type().scale());
            }
        }
        return Optional.of(schema.build());
    }

    private static TableFieldSchema.Type type(ColumnType type) {
        return switch (type.name()) {
            case "INTEGER" -> TableFieldSchema.Type.INT64;
            case "FLOAT" -> TableFieldSchema.Type.DOUBLE;
            case "BOOLEAN" -> TableFieldSchema.Type.BOOL;
            default -> TableFieldSchema.Type.valueOf(type.name());
        };
    }

    /** Adds rows, values in the order of the schema: all of them or, with an exception, none. */
    @Override
    public void append(String path, List<@Nullable Object[]> rows) {
        TableDefinition table = table(path);
        TableName name = table.name();
        try (Connection connection = warehouse.connect()) {
            Warehouse.run(connection, "BEGIN TRANSACTION");
            try (DuckDBAppender appender = connection
                    .unwrap(DuckDBConnection.class)
                    .createAppender(name.project() + ":" + name.dataset(), name.table())) {
                for (@Nullable Object[] row : rows) {
                    appender.beginRow();
                    for (int i = 0; i < row.length; i++) {
                        append(appender, table.columns().get(i), row[i]);
                    }
                    appender.endRow();
                }
            }
            Warehouse.run(connection, "COMMIT");
        } catch (SQLException | ArithmeticException e) {
            throw new IllegalArgumentException("The rows do not fit " + name + ": " + e.getMessage(), e);
        }
    }

    private static void append(DuckDBAppender appender, TableDefinition.Column column, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            if (column.required()) {
                throw new SQLException("Required field " + column.name() + " cannot be null");
            }
            appender.appendNull();
        } else if (value instanceof BigDecimal decimal) {
            BigDecimal exact = decimal.setScale(column.type().scale());
            if (exact.precision() > column.type().precision()) {
                throw new ArithmeticException(
                        decimal + " has more digits than " + column.type().sql());
            }
            appender.append(exact);
        } else if (value instanceof Long number) {
            if (column.type().equals(ColumnType.TIMESTAMP)) {
                appender.appendEpochMicros(number);
            } else {
                appender.append(number.longValue());
            }
        } else if (value instanceof Double number) {
            appender.append(number.doubleValue());
        } else if (value instanceof Boolean truth) {
            appender.append(truth.booleanValue());
        } else {
            appender.append(value.toString());
        }
    }

    /**
     * The rows as they are now that a restriction leaves, with the values of the columns named.
     *
     * @param restriction a condition in GoogleSQL; empty for none
     * @throws IllegalArgumentException when the restriction says something that is not understood
     */
    @Override
    public List<@Nullable Object[]> read(String path, List<String> columns, String restriction) {
        TableDefinition table = table(path);
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query(table, columns, restriction))) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            while (found.next()) {
                @Nullable Object[] row = new @Nullable Object[columns.size()];
                for (int i = 0; i < row.length; i++) {
                    Object value = found.getObject(i + 1);
                    row[i] = value == null ? null : value(found, i + 1, value);
                }
                rows.add(row);
            }
            return rows;
        } catch (BigQueryError e) {
            throw new IllegalArgumentException(e.text(), e);
        } catch (SQLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Object value(ResultSet found, int index, Object value) throws SQLException {
        if (value instanceof java.sql.Timestamp) {
            LocalDateTime time = found.getObject(index, LocalDateTime.class);
            return ChronoUnit.MICROS.between(QueryRows.EPOCH, time);
        }
        return value;
    }

    private String query(TableDefinition table, List<String> columns, String restriction) {
        String names = columns.stream()
                .map(wanted -> table.column(wanted)
                        .orElseThrow(() -> new IllegalArgumentException("Unrecognized name: " + wanted)))
                .map(column -> "t." + SqlText.name(column.name()))
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + names + " FROM " + table.name().duck() + " AS t";
        if (restriction.isBlank()) {
            return sql;
        }
        SqlScope scope = SqlScope.of(
                new SqlScope.Context(path -> table, Map.of(), warehouse.clock().millis() * 1_000, new ArrayList<>()));
        SqlToken start = SqlToken.split(restriction).get(0);
        scope.add(new SqlScope.Source("t", table.columnNames(), null), start);
        return sql + " WHERE " + SqlParser.condition(restriction).render(scope);
    }
}
