package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A statement of a script. */
sealed interface SqlStatement {
    /** Where it begins. */
    SqlToken at();

    /** What is called its type in a job's statistics. */
    String type();

    /** A statement that changes rows of one table, and can say itself in DuckDB's SQL. */
    sealed interface Change extends SqlStatement {
        SqlPath target();

        /** Whether rows that are there are changed, so that two such statements conflict. */
        boolean mutates();

        String render(SqlScope.Context context);
    }

    /**
     * A query.
     *
     * @param at where it begins
     * @param query the query
     */
    record Select(SqlToken at, SqlQuery query) implements SqlStatement {
        @Override
        public String type() {
            return "SELECT";
        }
    }

    /**
     * INSERT.
     *
     * @param at where it begins
     * @param target the table
     * @param columns the columns that are given; none when all are
     * @param query the rows, unless they are written down
     * @param rows the rows that are written down
     */
    record Insert(
            SqlToken at, SqlPath target, List<String> columns, Optional<SqlQuery> query, List<List<SqlExpression>> rows)
            implements Change {
        @Override
        public String type() {
            return "INSERT";
        }

        @Override
        public boolean mutates() {
            return false;
        }

        /** The columns that are given, in their order. */
        List<TableDefinition.Column> given(TableDefinition table) {
            if (columns.isEmpty()) {
                return table.columns();
            }
            return columns.stream().map(column -> column(table, column, target)).collect(Collectors.toList());
        }

        /** DuckDB's text of the rows alone. */
        String renderRows(SqlScope.Context context) {
            TableDefinition table = context.tables().apply(target);
            int width = given(table).size();
            if (query.isPresent()) {
                SqlQuery.Rendered rendered = query.get().render(SqlScope.of(context));
                checkWidth(rendered.columns().size(), width);
                return rendered.sql();
            }
            SqlScope scope = SqlScope.of(context);
            List<String> tuples = new ArrayList<>();
            for (List<SqlExpression> row : rows) {
                checkWidth(row.size(), width);
                tuples.add(row.stream().map(value -> value.render(scope)).collect(Collectors.joining(", ", "(", ")")));
            }
            return "VALUES " + String.join(", ", tuples);
        }

        private void checkWidth(int found, int width) {
            if (found != width) {
                throw BigQueryError.invalidQuery(
                        "Inserted row has wrong column count; Has " + found + ", expected " + width + at.at());
            }
        }

        @Override
        public String render(SqlScope.Context context) {
            TableDefinition table = context.tables().apply(target);
            String names = given(table).stream()
                    .map(column -> SqlText.name(column.name()))
                    .collect(Collectors.joining(", "));
            return "INSERT INTO " + table.name().duck() + " (" + names + ") " + renderRows(context);
        }
    }

    /**
     * DELETE.
     *
     * @param at where it begins
     * @param target the table
     * @param alias by which its columns are named
     * @param where which rows
     */
    record Delete(SqlToken at, SqlPath target, String alias, SqlExpression where) implements Change {
        @Override
        public String type() {
            return "DELETE";
        }

        @Override
        public boolean mutates() {
            return true;
        }

        @Override
        public String render(SqlScope.Context context) {
            SqlScope scope = SqlScope.of(context);
            TableDefinition table = scanAll(target, alias, scope);
            String condition = where.render(scope);
            PartitionFilters.note(where, scope);
            return "DELETE FROM " + table.name().duck() + " AS " + SqlText.name(alias) + " WHERE " + condition;
        }
    }

    /**
     * A value given to a column.
     *
     * @param column the column
     * @param value the value
     */
    record Assignment(String column, SqlExpression value) {
        String render(TableDefinition table, SqlPath path, SqlScope scope) {
            return SqlText.name(SqlStatement.column(table, column, path).name()) + " = " + value.render(scope);
        }
    }

    /**
     * UPDATE.
     *
     * @param at where it begins
     * @param target the table
     * @param alias by which its columns are named
     * @param assignments the new values
     * @param where which rows
     */
    record Update(SqlToken at, SqlPath target, String alias, List<Assignment> assignments, SqlExpression where)
            implements Change {
        @Override
        public String type() {
            return "UPDATE";
        }

        @Override
        public boolean mutates() {
            return true;
        }

        @Override
        public String render(SqlScope.Context context) {
            SqlScope scope = SqlScope.of(context);
            TableDefinition table = scanAll(target, alias, scope);
            String condition = where.render(scope);
            PartitionFilters.note(where, scope);
            String values = assignments.stream()
                    .map(assignment -> assignment.render(table, target, scope))
                    .collect(Collectors.joining(", "));
            return "UPDATE " + table.name().duck() + " AS " + SqlText.name(alias) + " SET " + values + " WHERE "
                    + condition;
        }
    }

    /**
     * A branch of MERGE.
     *
     * @param match DuckDB's text: MATCHED, NOT MATCHED BY TARGET or NOT MATCHED BY SOURCE
     * @param and the further condition
     * @param assignments what UPDATE sets; empty when it is another action
     * @param columns what INSERT gives values to; empty for all of them
     * @param values what INSERT inserts; empty with {@code row} INSERT ROW
     * @param action UPDATE, DELETE, INSERT or INSERT ROW
     */
    record When(
            String match,
            Optional<SqlExpression> and,
            List<Assignment> assignments,
            List<String> columns,
            List<SqlExpression> values,
            String action) {}

    /**
     * MERGE.
     *
     * @param at where it begins
     * @param target the table
     * @param alias by which its columns are named
     * @param source the other rows
     * @param on when two rows match
     * @param branches what is done with them
     */
    record Merge(SqlToken at, SqlPath target, String alias, SqlFrom source, SqlExpression on, List<When> branches)
            implements Change {
        @Override
        public String type() {
            return "MERGE";
        }

        @Override
        public boolean mutates() {
            return branches.stream().anyMatch(branch -> !branch.action().startsWith("INSERT"));
        }

        @Override
        public String render(SqlScope.Context context) {
            SqlScope scope = SqlScope.of(context);
            TableDefinition table = scanAll(target, alias, scope);
            String rows = source.render(scope);
            String condition = on.render(scope);
            if (branches.stream().noneMatch(branch -> branch.match().endsWith("SOURCE"))) {
                PartitionFilters.note(on, scope);
            }
            StringBuilder sql = new StringBuilder("MERGE INTO ")
                    .append(table.name().duck())
                    .append(" AS ")
                    .append(SqlText.name(alias))
                    .append(" USING ")
                    .append(rows)
                    .append(" ON ")
                    .append(condition);
            for (When branch : branches) {
                SqlScope seen = switch (branch.match()) {
                    case "NOT MATCHED BY TARGET" -> scope.only(1);
                    case "NOT MATCHED BY SOURCE" -> scope.only(0);
                    default -> scope;
                };
                sql.append(" WHEN ").append(branch.match());
                branch.and().ifPresent(and -> sql.append(" AND ").append(and.render(seen)));
                sql.append(" THEN ").append(action(branch, table, seen));
            }
            return sql.toString();
        }

        private String action(When branch, TableDefinition table, SqlScope scope) {
            switch (branch.action()) {
                case "DELETE" -> {
                    return "DELETE";
                }
                case "UPDATE" -> {
                    return branch.assignments().stream()
                            .map(assignment -> assignment.render(table, target, scope))
                            .collect(Collectors.joining(", ", "UPDATE SET ", ""));
                }
                default -> {
                    List<String> columns = branch.columns().isEmpty() ? table.columnNames() : branch.columns();
                    List<String> values = branch.action().equals("INSERT ROW")
                            ? columns.stream()
                                    .map(column -> scope.resolve(
                                            List.of(scope.sources().get(0).alias(), column), at))
                                    .toList()
                            : branch.values().stream()
                                    .map(value -> value.render(scope))
                                    .toList();
                    if (columns.size() != values.size()) {
                        throw BigQueryError.invalidQuery("Inserted row has wrong column count; Has " + values.size()
                                + ", expected " + columns.size() + at.at());
                    }
                    return "INSERT ("
                            + columns.stream()
                                    .map(column -> SqlText.name(SqlStatement.column(table, column, target)
                                            .name()))
                                    .collect(Collectors.joining(", "))
                            + ") VALUES (" + String.join(", ", values) + ")";
                }
            }
        }

        /** DuckDB's query for a row of the table that more than one row of the source matches. */
        String renderTwice(SqlScope.Context context) {
            SqlScope scope = SqlScope.of(context);
            TableDefinition table = scanAll(target, alias, scope);
            String rows = source.render(scope);
            return "SELECT 1 FROM " + table.name().duck() + " AS " + SqlText.name(alias) + " INNER JOIN " + rows
                    + " ON " + on.render(scope) + " GROUP BY " + SqlText.name(alias)
                    + ".rowid HAVING count(*) > 1 LIMIT 1";
        }
    }

    /**
     * TRUNCATE TABLE.
     *
     * @param at where it begins
     * @param target the table
     */
    record Truncate(SqlToken at, SqlPath target) implements Change {
        @Override
        public String type() {
            return "TRUNCATE_TABLE";
        }

        @Override
        public boolean mutates() {
            return true;
        }

        @Override
        public String render(SqlScope.Context context) {
            return "DELETE FROM " + context.tables().apply(target).name().duck();
        }
    }

    /**
     * CREATE TABLE.
     *
     * @param at where it begins
     * @param target the table
     * @param existing what to do with one that is there: REFUSE, KEEP or REPLACE
     * @param resource its definition as the REST API writes it; the schema comes from the query when there is one
     * @param query the rows that it begins with
     */
    record CreateTable(SqlToken at, SqlPath target, Existing existing, ObjectNode resource, Optional<SqlQuery> query)
            implements SqlStatement {
        /** What is done with a table that is there. */
        enum Existing {
            REFUSE,
            KEEP,
            REPLACE
        }

        @Override
        public String type() {
            return query.isPresent() ? "CREATE_TABLE_AS_SELECT" : "CREATE_TABLE";
        }
    }

    /**
     * DROP TABLE.
     *
     * @param at where it begins
     * @param target the table
     * @param missing what is done when there is none
     */
    record DropTable(SqlToken at, SqlPath target, Missing missing) implements SqlStatement {
        /** What is done when there is no such table. */
        enum Missing {
            REFUSE,
            IGNORE
        }

        @Override
        public String type() {
            return "DROP_TABLE";
        }
    }

    /**
     * BEGIN, COMMIT or ROLLBACK TRANSACTION.
     *
     * @param at where it begins
     * @param type its type
     */
    record Transaction(SqlToken at, String type) implements SqlStatement {}

    /**
     * DECLARE.
     *
     * @param at where it begins
     * @param names the variables
     * @param valueType DuckDB's type of their values, unless the first value gives it
     * @param value their first value
     */
    record Declare(SqlToken at, List<String> names, Optional<String> valueType, Optional<SqlExpression> value)
            implements SqlStatement {
        @Override
        public String type() {
            return "SCRIPT";
        }
    }

    /**
     * SET.
     *
     * @param at where it begins
     * @param name the variable
     * @param value its new value
     */
    record Assign(SqlToken at, String name, SqlExpression value) implements SqlStatement {
        @Override
        public String type() {
            return "SCRIPT";
        }
    }

    /**
     * A part of IF.
     *
     * @param condition when it is run; empty for ELSE
     * @param body what is run
     */
    record Branch(Optional<SqlExpression> condition, List<SqlStatement> body) {}

    /**
     * IF.
     *
     * @param at where it begins
     * @param branches its parts
     */
    record If(SqlToken at, List<Branch> branches) implements SqlStatement {
        @Override
        public String type() {
            return "SCRIPT";
        }
    }

    /**
     * BEGIN … END.
     *
     * @param at where it begins
     * @param body what is run
     * @param handler what is run when that fails
     */
    record Block(SqlToken at, List<SqlStatement> body, Optional<List<SqlStatement>> handler) implements SqlStatement {
        @Override
        public String type() {
            return "SCRIPT";
        }
    }

    /**
     * RAISE.
     *
     * @param at where it begins
     * @param message what it says; empty to say again what was caught
     */
    record Raise(SqlToken at, Optional<SqlExpression> message) implements SqlStatement {
        @Override
        public String type() {
            return "SCRIPT";
        }
    }

    /**
     * ASSERT.
     *
     * @param at where it begins
     * @param condition what must hold
     * @param message what is said otherwise
     */
    record Assert(SqlToken at, SqlExpression condition, String message) implements SqlStatement {
        @Override
        public String type() {
            return "ASSERT";
        }
    }

    /**
     * RETURN.
     *
     * @param at where it begins
     */
    record Return(SqlToken at) implements SqlStatement {
        @Override
        public String type() {
            return "SCRIPT";
        }
    }

    private static TableDefinition.Column column(TableDefinition table, String name, SqlPath path) {
        return table.column(name)
                .orElseThrow(() -> BigQueryError.invalidQuery("Column " + name + " is not present in table "
                        + table.name() + path.at().at()));
    }

    /** Adds the table of a statement to its scope; a change of a row costs as much as reading all of it. */
    private static TableDefinition scanAll(SqlPath target, String alias, SqlScope scope) {
        TableDefinition table = scope.context().tables().apply(target);
        SqlScan scan = new SqlScan(table);
        scan.useAll();
        scope.context().scans().add(scan);
        scope.add(new SqlScope.Source(alias, table.columnNames(), scan), target.at());
        return table;
    }
}
