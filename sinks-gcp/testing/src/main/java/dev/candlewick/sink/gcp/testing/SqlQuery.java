package dev.candlewick.sink.gcp.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A query of GoogleSQL that can say itself in DuckDB's SQL.
 *
 * @param with the queries that WITH names
 * @param body what it selects
 * @param orderBy in which order
 * @param limit the text of the number of rows at most, or empty
 * @param offset the text of the number of rows left out, or empty
 */
record SqlQuery(List<With> with, Body body, List<Order> orderBy, String limit, String offset) {
    /**
     * DuckDB's text, and the names of the columns.
     *
     * @param sql the text
     * @param columns the names
     */
    record Rendered(String sql, List<String> columns) {}

    /**
     * A query with a name.
     *
     * @param name its name
     * @param query the query
     */
    record With(String name, SqlQuery query) {}

    /**
     * What rows are ordered by.
     *
     * @param by the expression
     * @param direction DuckDB's text of the direction
     */
    record Order(SqlExpression by, String direction) {
        String render(SqlScope scope) {
            boolean ordinal = by instanceof SqlExpression.Literal literal
                    && literal.bare().chars().allMatch(Character::isDigit)
                    && !literal.bare().isEmpty();
            return (ordinal ? ((SqlExpression.Literal) by).bare() : by.render(scope)) + direction;
        }
    }

    /** A SELECT, or several put together. */
    sealed interface Body {
        /** DuckDB's text; the scope keeps what ORDER BY may name. */
        Rendered render(SqlScope scope);
    }

    /**
     * Two bodies put together.
     *
     * @param left the one
     * @param operator DuckDB's operator
     * @param right the other
     */
    record SetOperation(Body left, String operator, Body right) implements Body {
        @Override
        public Rendered render(SqlScope scope) {
            Rendered first = left.render(scope.inner());
            Rendered second = right.render(scope.inner());
            if (first.columns().size() != second.columns().size()) {
                throw BigQueryError.invalidQuery(
                        "Queries in " + operator + " have mismatched column count; query 1 has "
                                + first.columns().size() + " column, query 2 has "
                                + second.columns().size() + " column");
            }
            scope.showResults(first.columns());
            return new Rendered(first.sql() + " " + operator + " " + second.sql(), first.columns());
        }
    }

    /**
     * A query in parentheses.
     *
     * @param query the query
     */
    record Nested(SqlQuery query) implements Body {
        @Override
        public Rendered render(SqlScope scope) {
            Rendered inner = query.render(scope);
            scope.showResults(inner.columns());
            return new Rendered("(" + inner.sql() + ")", inner.columns());
        }
    }

    /**
     * One part of a select list.
     *
     * @param value the expression; empty for a star
     * @param alias its name, or empty
     * @param starOf the alias before {@code .*}, or empty
     * @param except the columns that the star leaves out
     * @param at where it stands
     */
    record Item(Optional<SqlExpression> value, String alias, String starOf, List<String> except, SqlToken at) {}

    /**
     * A SELECT.
     *
     * @param distinct DuckDB's DISTINCT, or empty
     * @param items the select list
     * @param from where rows come from
     * @param where which rows
     * @param groupBy how they are grouped
     * @param having which groups
     * @param qualify which rows after windows
     */
    record Select(
            String distinct,
            List<Item> items,
            Optional<SqlFrom> from,
            Optional<SqlExpression> where,
            List<Order> groupBy,
            Optional<SqlExpression> having,
            Optional<SqlExpression> qualify)
            implements Body {
        @Override
        public Rendered render(SqlScope scope) {
            StringBuilder sql = new StringBuilder("SELECT ").append(distinct);
            String source = from.map(rows -> rows.render(scope)).orElse("");
            List<String> names = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            int nameless = 0;
            for (Item item : items) {
                if (item.value().isEmpty()) {
                    expand(item, scope, names, texts);
                    continue;
                }
                SqlExpression value = item.value().get();
                String name = item.alias();
                if (name.isEmpty() && value instanceof SqlExpression.Name path) {
                    name = path.path().get(path.path().size() - 1);
                }
                if (name.isEmpty()) {
                    name = "f" + nameless++ + "_";
                }
                names.add(name);
                texts.add(value.render(scope) + " AS " + SqlText.name(name));
            }
            sql.append(String.join(", ", texts));
            if (!source.isEmpty()) {
                sql.append(" FROM ").append(source);
            }
            where.ifPresent(condition -> {
                sql.append(" WHERE ").append(condition.render(scope));
                PartitionFilters.note(condition, scope);
            });
            scope.showResults(names);
            if (!groupBy.isEmpty()) {
                sql.append(" GROUP BY ")
                        .append(groupBy.stream().map(by -> by.render(scope)).collect(Collectors.joining(", ")));
            }
            having.ifPresent(condition -> sql.append(" HAVING ").append(condition.render(scope)));
            qualify.ifPresent(condition -> sql.append(" QUALIFY ").append(condition.render(scope)));
            return new Rendered(sql.toString(), names);
        }

        private static void expand(Item item, SqlScope scope, List<String> names, List<String> texts) {
            Set<String> except = new HashSet<>();
            item.except().forEach(name -> except.add(name.toLowerCase(Locale.ROOT)));
            boolean found = false;
            Set<String> left = new HashSet<>(except);
            for (SqlScope.Source source : scope.sources()) {
                if (!item.starOf().isEmpty() && !source.alias().equalsIgnoreCase(item.starOf())) {
                    continue;
                }
                found = true;
                for (String column : source.columns()) {
                    if (except.contains(column.toLowerCase(Locale.ROOT))) {
                        left.remove(column.toLowerCase(Locale.ROOT));
                        continue;
                    }
                    SqlScope.Found place = new SqlScope.Found(source, column, false);
                    names.add(column);
                    texts.add(place.use() + " AS " + SqlText.name(column));
                }
            }
            if (!found) {
                throw BigQueryError.invalidQuery(
                        item.starOf().isEmpty()
                                ? "SELECT * must have a FROM clause" + item.at().at()
                                : "Unrecognized name: " + item.starOf()
                                        + item.at().at());
            }
            if (!left.isEmpty()) {
                throw BigQueryError.invalidQuery("Column " + left.iterator().next()
                        + " in SELECT * EXCEPT list does not exist" + item.at().at());
            }
        }
    }

    Rendered render(SqlScope outer) {
        SqlScope scope = outer.inner();
        StringBuilder sql = new StringBuilder();
        for (With named : with) {
            Rendered query = named.query().render(scope);
            scope.addQuery(named.name(), query.columns());
            sql.append(sql.isEmpty() ? "WITH " : ", ")
                    .append(SqlText.name(named.name()))
                    .append(" AS (")
                    .append(query.sql())
                    .append(")");
        }
        if (!with.isEmpty()) {
            sql.append(' ');
        }
        Rendered selected = body.render(scope);
        sql.append(selected.sql());
        if (!orderBy.isEmpty()) {
            sql.append(" ORDER BY ")
                    .append(orderBy.stream().map(order -> order.render(scope)).collect(Collectors.joining(", ")));
        }
        if (!limit.isEmpty()) {
            sql.append(" LIMIT ").append(limit);
        }
        if (!offset.isEmpty()) {
            sql.append(" OFFSET ").append(offset);
        }
        return new Rendered(sql.toString(), selected.columns());
    }
}
