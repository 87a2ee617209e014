package dev.candlewick.sink.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a table looks like to the server, and how that differs from what rows need. */
final class TableShape {

    private TableShape() {}

    /**
     * A column.
     *
     * @param name its name
     * @param type its type in the server's own words
     * @param required whether it refuses null
     */
    record Column(String name, String type, boolean required) {
        @Override
        public String toString() {
            return name + " " + type + (required ? " NOT NULL" : "");
        }
    }

    private record Found(Column column, boolean filledIn, boolean foldsText) {}

    /** The statement that makes a table of these columns with the key of the part. */
    static String create(TablePart part, List<Column> columns) {
        return "CREATE TABLE " + part.name() + " (\n"
                + columns.stream()
                        .map(column -> "  " + Sql.name(column.name()) + " " + column.type()
                                + (column.type().equals("text") ? " COLLATE pg_catalog.\"C\"" : "")
                                + (column.required() ? " NOT NULL" : ""))
                        .collect(Collectors.joining(",\n"))
                + ",\n  PRIMARY KEY (" + PostgresLayout.key(part) + ")\n)";
    }

    static boolean exists(Transaction transaction, String name) throws SQLException {
        return transaction
                .first("SELECT pg_catalog.to_regclass(?) IS NOT NULL", row -> row.getBoolean(1), name)
                .orElse(false);
    }

    static boolean isPartitioned(Transaction transaction, String name) throws SQLException {
        return transaction
                .first(
                        "SELECT relkind = 'p' FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(?)",
                        row -> row.getBoolean(1),
                        name)
                .orElse(false);
    }

    /** What keeps the table from holding such rows: a line per column, empty when nothing does. */
    static List<String> differences(Transaction transaction, TablePart part, List<Column> expected)
            throws SQLException {
        Map<String, Found> found = new LinkedHashMap<>();
        transaction
                .query(
                        """
                        SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
                               a.atthasdef OR a.attidentity <> '',
                               coalesce((SELECT NOT c.collisdeterministic FROM pg_catalog.pg_collation c
                                         WHERE c.oid = a.attcollation), false)
                        FROM pg_catalog.pg_attribute a
                        WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
                        ORDER BY a.attnum""",
                        row -> new Found(
                                new Column(row.getString(1), row.getString(2), row.getBoolean(3)),
                                row.getBoolean(4),
                                row.getBoolean(5)),
                        part.name())
                .forEach(each -> found.put(each.column().name(), each));
        List<String> differences = new ArrayList<>();
        for (Column column : expected) {
            Optional<Found> there = Optional.ofNullable(found.remove(column.name()));
            if (there.isEmpty()) {
                differences.add("expected " + column + ", found no such column");
            } else if (!there.get().column().equals(column)) {
                differences.add("expected " + column + ", found " + there.get().column());
            } else if (there.get().foldsText()) {
                differences.add("expected " + column + " to tell all texts apart, found a nondeterministic collation");
            }
        }
        for (Found extra : found.values()) {
            if (extra.column().required() && !extra.filledIn()) {
                differences.add("found " + extra.column() + ", which rows have no value for");
            }
        }
        if (differences.isEmpty()) {
            missingKey(transaction, part).ifPresent(differences::add);
        }
        return differences;
    }

    private static Optional<String> missingKey(Transaction transaction, TablePart part) throws SQLException {
        List<String> keys = transaction.query("""
                SELECT (SELECT string_agg(a.attname::text, ',' ORDER BY a.attname::text COLLATE pg_catalog."C")
                        FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey))
                FROM pg_catalog.pg_index i
                WHERE i.indrelid = pg_catalog.to_regclass(?) AND i.indisunique AND i.indisvalid
                  AND i.indpred IS NULL AND i.indexprs IS NULL""", row -> String.valueOf(row.getString(1)), part.name());
        Set<String> wanted = new TreeSet<>(Set.of(part.subject(), part.time()));
        part.ordinal().ifPresent(wanted::add);
        return keys.contains(String.join(",", wanted))
                ? Optional.empty()
                : Optional.of("expected a primary key or unique index on (" + String.join(", ", wanted) + "), found "
                        + (keys.isEmpty() ? "none" : keys.stream().collect(Collectors.joining("), (", "(", ")"))));
    }
}
