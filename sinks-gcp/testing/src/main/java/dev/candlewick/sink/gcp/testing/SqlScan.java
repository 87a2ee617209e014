package dev.candlewick.sink.gcp.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One place where a statement reads a table: which columns it names, and which partitions its filter leaves. */
final class SqlScan {
    /** What a condition on the column of the partitions is tested on instead: the start of the partition. */
    static final String PARTITION = "$partition$";

    private final TableDefinition table;
    private final TreeSet<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final List<String> conditions = new ArrayList<>();
    private boolean filtered;

    SqlScan(TableDefinition table) {
        this.table = table;
    }

    TableDefinition table() {
        return table;
    }

    void use(String column) {
        columns.add(column);
    }

    void useAll() {
        columns.addAll(table.columnNames());
    }

    /** Notes a condition which a partition must meet to be read; an empty one leaves every partition. */
    void filter(String condition) {
        filtered = true;
        if (!condition.isEmpty()) {
            conditions.add(condition);
        }
    }

    /** Refuses what reads every partition of a table that allows no such thing. */
    void check() {
        if (table.requiresPartitionFilter() && !filtered) {
            throw BigQueryError.invalidQuery(
                    "Cannot query over table '" + table.name().dotted()
                            + "' without a filter over column(s) '"
                            + table.partitionColumn().orElseThrow()
                            + "' that can be used for partition elimination");
        }
    }

    /** DuckDB's query for the bytes that this scan reads. */
    String bytesQuery() {
        String widths = columns.stream()
                .map(column -> table.column(column).orElseThrow())
                .map(column -> column.type().bytesOf(SqlText.name(column.name())))
                .collect(Collectors.joining(" + "));
        if (widths.isEmpty()) {
            return "SELECT CAST(0 AS BIGINT)";
        }
        String sql =
                "SELECT CAST(" + widths + " AS BIGINT) FROM " + table.name().duck();
        if (conditions.isEmpty()) {
            return sql;
        }
        String start = "date_trunc('" + table.partitionUnit() + "', "
                + SqlText.name(table.partitionColumn().orElseThrow()) + ")";
        return sql + " WHERE "
                + conditions.stream()
                        .map(condition -> "(" + condition.replace(PARTITION, start) + ")")
                        .collect(Collectors.joining(" AND "));
    }
}
