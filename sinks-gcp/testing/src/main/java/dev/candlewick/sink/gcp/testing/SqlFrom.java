package dev.candlewick.sink.gcp.testing;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the rows of a SELECT come from. */
sealed interface SqlFrom {
    /** DuckDB's text; the scope learns the names. */
    String render(SqlScope scope);

    /**
     * A table, or a query that WITH named.
     *
     * @param path its name
     * @param alias by which its columns are named
     */
    record Table(SqlPath path, String alias) implements SqlFrom {
        @Override
        public String render(SqlScope scope) {
            if (path.parts().size() == 1) {
                Optional<List<String>> named = scope.query(path.last());
                if (named.isPresent()) {
                    scope.add(new SqlScope.Source(alias, named.get(), null), path.at());
                    return SqlText.name(path.last()) + " AS " + SqlText.name(alias);
                }
            }
            TableDefinition table = scope.context().tables().apply(path);
            SqlScan scan = new SqlScan(table);
            scope.context().scans().add(scan);
            scope.add(new SqlScope.Source(alias, table.columnNames(), scan), path.at());
            return table.name().duck() + " AS " + SqlText.name(alias);
        }
    }

    /**
     * A query in parentheses.
     *
     * @param query the query
     * @param alias by which its columns are named; one that nobody can write when there is none
     * @param at where it stands
     */
    record Derived(SqlQuery query, String alias, SqlToken at) implements SqlFrom {
        @Override
        public String render(SqlScope scope) {
            SqlQuery.Rendered inner = query.render(scope.inner());
            scope.add(new SqlScope.Source(alias, inner.columns(), null), at);
            return "(" + inner.sql() + ") AS " + SqlText.name(alias);
        }
    }

    /**
     * The elements of an array.
     *
     * @param array the array
     * @param alias the name of the element
     * @param at where it stands
     */
    record Unnest(SqlExpression array, String alias, SqlToken at) implements SqlFrom {
        @Override
        public String render(SqlScope scope) {
            String elements = array.render(scope);
            scope.add(new SqlScope.Source(alias, List.of(alias), null), at);
            String name = SqlText.name(alias);
            return "(SELECT unnest(" + elements + ") AS " + name + ") AS " + name;
        }
    }

    /**
     * Two sources joined.
     *
     * @param left the one
     * @param kind DuckDB's text between them
     * @param right the other
     * @param on the condition
     * @param using the columns that must be equal
     */
    record Join(SqlFrom left, String kind, SqlFrom right, Optional<SqlExpression> on, List<String> using)
            implements SqlFrom {
        @Override
        public String render(SqlScope scope) {
            StringBuilder sql = new StringBuilder(left.render(scope))
                    .append(' ')
                    .append(kind)
                    .append(' ');
            sql.append(right.render(scope));
            on.ifPresent(condition -> {
                sql.append(" ON ").append(condition.render(scope));
                if (kind.equals("INNER JOIN")) {
                    PartitionFilters.note(condition, scope);
                }
            });
            if (!using.isEmpty()) {
                using.forEach(scope::share);
                sql.append(using.stream().map(SqlText::name).collect(Collectors.joining(", ", " USING (", ")")));
            }
            return sql.toString();
        }
    }
}
