package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Tables in memory, for tests that need nothing but streams. Thread-safe. */
final class MemoryStreamTables implements StreamTables {

    private final Map<String, Table> tables = new ConcurrentHashMap<>();

    private record Table(TableSchema schema, List<Object[]> rows) {}

    void create(String table, TableSchema schema) {
        if (tables.putIfAbsent(table, new Table(schema, new ArrayList<>())) != null) {
            throw new IllegalStateException(table + " is there already");
        }
    }

    @Override
    public Optional<TableSchema> schema(String table) {
        return Optional.ofNullable(tables.get(table)).map(Table::schema);
    }

    @Override
    public void append(String table, List<Object[]> rows) {
        Table target = table(table);
        synchronized (target) {
            target.rows.addAll(rows);
        }
    }

    @Override
    public List<Object[]> read(String table, List<String> columns, String restriction) {
        Table from = table(table);
        List<Restriction.Condition> conditions = Restriction.parse(restriction);
        int[] places = columns.stream().mapToInt(column -> place(from, column)).toArray();
        List<Object[]> answer = new ArrayList<>();
        synchronized (from) {
            for (Object[] row : from.rows) {
                if (conditions.stream().allMatch(condition -> holds(from, condition, row))) {
                    Object[] chosen = new Object[places.length];
                    for (int i = 0; i < places.length; i++) {
                        chosen[i] = row[places[i]];
                    }
                    answer.add(chosen);
                }
            }
        }
        return answer;
    }

    private static boolean holds(Table table, Restriction.Condition condition, Object[] row) {
        int place = place(table, condition.column());
        @Nullable Object value = row[place];
        return value != null && condition.accepts(order(value, condition.literal(), table.schema.getFields(place)));
    }

    private static int order(Object value, Object literal, TableFieldSchema field) {
        if (value instanceof String text && literal instanceof String other) {
            return text.compareTo(other);
        } else if (value instanceof Long number && literal instanceof Long other) {
            return number.compareTo(other);
        } else if (value instanceof BigDecimal number && literal instanceof BigDecimal other) {
            return number.compareTo(other);
        } else if (value instanceof BigDecimal number && literal instanceof Long other) {
            return number.compareTo(BigDecimal.valueOf(other));
        }
        throw new IllegalArgumentException(
                "No matching signature for operator on " + field.getType() + " column " + field.getName());
    }

    private static int place(Table table, String column) {
        int place = StreamTables.indexOf(table.schema, column);
        if (place < 0) {
            throw new IllegalArgumentException("Unrecognized name: " + column);
        }
        return place;
    }

    private Table table(String name) {
        return Optional.ofNullable(tables.get(name))
                .orElseThrow(() -> new IllegalArgumentException("Not found: Table " + name));
    }
}
