package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candlewick.sink.gcp.testing.SqlStatement.CreateTable.Existing;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One run of a query or script: its connection, its variables, its transaction and what it has cost so far. */
final class QueryRun implements AutoCloseable {
    /** What a table costs at least, whatever little of it is read. */
    private static final long LEAST_BILLED = 10L << 20;

    /**
     * What a run is asked for.
     *
     * @param project the project that names without one mean
     * @param dataset the dataset that names without one mean, or empty
     * @param maximumBytesBilled above which it is refused; -1 when there is no such bound
     */
    record Request(String project, String dataset, long maximumBytesBilled) {}

    private final Warehouse warehouse;
    private final Request request;
    private final Connection connection;
    private final Map<String, String> variables = new HashMap<>();
    private TableLocks.@Nullable Holder transaction;
    private long transactionMicros;
    private boolean script;
    private QueryRows rows = QueryRows.none(List.of());
    private String type = "SELECT";
    private long processed;
    private long billed;
    private long affected = -1;
    private int statements;

    QueryRun(Warehouse warehouse, Request request) {
        this.warehouse = warehouse;
        this.request = request;
        this.connection = warehouse.connect();
    }

    /** The rows of the last statement. */
    QueryRows rows() {
        return rows;
    }

    String statementType() {
        return type;
    }

    long bytesProcessed() {
        return processed;
    }

    long bytesBilled() {
        return billed;
    }

    /** How many rows the last statement changed; -1 when it changes none. */
    long affectedRows() {
        return affected;
    }

    int statements() {
        return statements;
    }

    static boolean isScript(List<SqlStatement> statements) {
        SqlStatement first = statements.get(0);
        return statements.size() > 1
                || first.type().equals("SCRIPT")
                || first instanceof SqlStatement.Transaction
                || first instanceof SqlStatement.Assert;
    }

    /** What the statement would read, without running it; its columns are those of the rows, of which there are none. */
    void dryRun(List<SqlStatement> parsed) {
        if (isScript(parsed)) {
            throw BigQueryError.notOffered("A dry run of a script");
        }
        SqlStatement statement = parsed.get(0);
        type = statement.type();
        SqlScope.Context context = context();
        try {
            if (statement instanceof SqlStatement.Select select) {
                String sql = select.query().render(SqlScope.of(context)).sql();
                explain(sql, context);
                rows = QueryRows.none(describe(sql));
            } else if (statement instanceof SqlStatement.Change change) {
                String sql = change.render(context);
                measure(context);
                checkTypes(change, context);
                sqlOf("EXPLAIN " + sql);
            }
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    private void explain(String sql, SqlScope.Context context) throws SQLException {
        measure(context);
        sqlOf("EXPLAIN " + sql);
    }

    private void sqlOf(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<TableDefinition.Column> describe(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM (" + sql + ") LIMIT 0")) {
            return QueryRows.columns(none.getMetaData());
        }
    }

    /** Runs every statement; what a transaction has changed when one fails is gone. */
    void run(List<SqlStatement> parsed) {
        script = isScript(parsed);
        try {
            each(parsed);
            if (transaction != null) {
                rollback();
            }
        } catch (BigQueryError e) {
            rollback();
            throw e;
        } finally {
            if (script) {
                type = "SCRIPT";
            }
        }
    }

    /** Whether the script goes on. */
    private boolean each(List<SqlStatement> list) {
        for (SqlStatement statement : list) {
            if (Thread.interrupted()) {
                throw BigQueryError.of("stopped", "Job execution was cancelled: User requested cancellation");
            }
            boolean goesOn;
            try {
                goesOn = one(statement);
            } catch (SQLException e) {
                throw placed(translated(e), statement);
            } catch (BigQueryError e) {
                throw placed(e, statement);
            }
            if (!goesOn) {
                return false;
            }
        }
        return true;
    }

    private BigQueryError placed(BigQueryError error, SqlStatement statement) {
        if (!script || error.text().startsWith("Query error: ")) {
            return error;
        }
        String place = error.text().contains(" at [") ? "" : statement.at().at();
        return new BigQueryError(error.status(), error.reason(), "Query error: " + error.text() + place);
    }

    private boolean one(SqlStatement statement) throws SQLException {
        if (statement instanceof SqlStatement.If choice) {
            for (SqlStatement.Branch branch : choice.branches()) {
                if (branch.condition().isEmpty() || holds(branch.condition().get())) {
                    return each(branch.body());
                }
            }
            return true;
        }
        if (statement instanceof SqlStatement.Block block) {
            return block(block);
        }
        if (statement instanceof SqlStatement.Declare declare) {
            for (String name : declare.names()) {
                String value =
                        declare.value().isPresent() ? value(declare.value().get()) : "NULL";
                variables.put(
                        name.toLowerCase(Locale.ROOT),
                        declare.valueType()
                                .map(to -> "CAST(" + value + " AS " + to + ")")
                                .orElse(value));
            }
            return true;
        }
        if (statement instanceof SqlStatement.Assign assign) {
            String name = assign.name().toLowerCase(Locale.ROOT);
            String before = variables.get(name);
            if (before == null) {
                throw BigQueryError.invalidQuery(
                        "Undeclared variable: " + assign.name() + assign.at().at());
            }
            String declared = before.substring(before.lastIndexOf(" AS ") + 4, before.length() - 1);
            String value = value(assign.value());
            variables.put(name, before.startsWith("CAST(") ? "CAST(" + value + " AS " + declared + ")" : value);
            return true;
        }
        if (statement instanceof SqlStatement.Raise raise) {
            if (raise.message().isEmpty()) {
                String caught = variables.getOrDefault("@@error.message", "");
                throw BigQueryError.invalidQuery(textOf(caught.isEmpty() ? "'RAISE outside of a handler'" : caught));
            }
            throw BigQueryError.invalidQuery(textOf(value(raise.message().get())));
        }
        if (statement instanceof SqlStatement.Return) {
            return false;
        }
        statements++;
        type = statement.type();
        affected = -1;
        rows.close();
        rows = QueryRows.none(List.of());
        if (statement instanceof SqlStatement.Assert check) {
            if (!holds(check.condition())) {
                throw BigQueryError.invalidQuery(
                        "Assertion failed" + (check.message().isEmpty() ? "" : ": " + check.message()));
            }
        } else if (statement instanceof SqlStatement.Select select) {
            select(select);
        } else if (statement instanceof SqlStatement.Change change) {
            change(change);
        } else if (statement instanceof SqlStatement.Transaction step) {
            transaction(step);
        } else {
            definition(statement);
        }
        return true;
    }

    private boolean block(SqlStatement.Block block) {
        if (block.handler().isEmpty()) {
            return each(block.body());
        }
        try {
            return each(block.body());
        } catch (BigQueryError e) {
            if (e.reason().equals("stopped")) {
                throw e;
            }
            variables.put("@@error.message", SqlText.text(e.text()));
            return each(block.handler().get());
        }
    }

    private void transaction(SqlStatement.Transaction step) throws SQLException {
        TableLocks.Holder open = transaction;
        if (step.type().startsWith("BEGIN")) {
            if (open != null) {
                throw BigQueryError.invalidQuery("Transactions cannot be nested");
            }
            transactionMicros = nowMicros();
            transaction = warehouse.locks().begin(UUID.randomUUID().toString());
            sqlOf("BEGIN TRANSACTION");
            // DuckDB takes its snapshot at the first look.
            sqlOf("SELECT count(*) FROM candlewick.resources");
            return;
        }
        if (open == null) {
            throw BigQueryError.invalidQuery(
                    "There is no active transaction to " + (step.type().startsWith("COMMIT") ? "commit" : "roll back"));
        }
        if (step.type().startsWith("COMMIT")) {
            sqlOf("COMMIT");
            transaction = null;
            warehouse.locks().committed(open);
        } else {
            rollback();
        }
    }

    private void rollback() {
        TableLocks.Holder open = transaction;
        if (open == null) {
            return;
        }
        transaction = null;
        try {
            sqlOf("ROLLBACK");
        } catch (SQLException e) {
            // DuckDB has rolled back already when a statement broke its transaction.
        } finally {
            warehouse.locks().release(open);
        }
    }

    private void select(SqlStatement.Select select) throws SQLException {
        SqlScope.Context context = context();
        String sql = select.query().render(SqlScope.of(context)).sql();
        measure(context);
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            rows = QueryRows.of(found);
        }
        checkNames(rows.columns());
    }

    private static void checkNames(List<TableDefinition.Column> columns) {
        List<String> seen = new ArrayList<>();
        for (TableDefinition.Column column : columns) {
            String name = column.name().toLowerCase(Locale.ROOT);
            if (seen.contains(name)) {
                throw BigQueryError.invalidQuery(
                        "Duplicate column names in the result are not supported. Found duplicate(s): " + column.name());
            }
            seen.add(name);
        }
    }

    private void change(SqlStatement.Change change) throws SQLException {
        TableDefinition table = resolve(change.target());
        TableLocks.Holder holder = transaction;
        TableLocks.Holder own = null;
        if (change.mutates()) {
            if (holder != null) {
                warehouse.locks().mutate(holder, table.name());
            } else {
                own = warehouse.locks().begin("statement");
                warehouse.locks().await(own, table.name());
            }
        }
        try {
            SqlScope.Context context = context();
            String sql = change.render(context);
            measure(context);
            checkTypes(change, context);
            if (change instanceof SqlStatement.Merge merge && merge.mutates()) {
                checkOneMatch(merge);
            }
            try (Statement statement = connection.createStatement()) {
                affected = statement.executeLargeUpdate(sql);
            } catch (SQLException e) {
                if (String.valueOf(e.getMessage()).contains("onflict")) {
                    throw TableLocks.aborted(
                            holder != null ? holder : warehouse.locks().begin("statement"), table.name());
                }
                throw e;
            }
            if (own != null) {
                warehouse.locks().committed(own);
            }
        } finally {
            if (own != null) {
                warehouse.locks().release(own);
            }
        }
    }

    private void checkOneMatch(SqlStatement.Merge merge) throws SQLException {
        String twice =
                merge.renderTwice(new SqlScope.Context(this::resolve, variables, nowMicros(), new ArrayList<>()));
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(twice)) {
            if (found.next()) {
                throw BigQueryError.invalidQuery("UPDATE/MERGE must match at most one source row for each target row");
            }
        }
    }

    /** Refuses what DuckDB would cast and BigQuery would not. */
    private void checkTypes(SqlStatement.Change change, SqlScope.Context context) throws SQLException {
        if (!(change instanceof SqlStatement.Insert insert)) {
            return;
        }
        SqlScope.Context again =
                new SqlScope.Context(context.tables(), context.variables(), context.nowMicros(), new ArrayList<>());
        List<TableDefinition.Column> to = insert.given(resolve(insert.target()));
        List<TableDefinition.Column> from = new ArrayList<>();
        List<String> duck = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet described = statement.executeQuery("DESCRIBE (" + insert.renderRows(again) + ")")) {
            while (described.next()) {
                duck.add(described.getString(2));
                from.add(new TableDefinition.Column(
                        described.getString(1), ColumnType.ofDuck(described.getString(2)), "NULLABLE"));
            }
        }
        for (int i = 0; i < to.size(); i++) {
            ColumnType given = from.get(i).type();
            ColumnType wanted = to.get(i).type();
            boolean fits = given.name().equals(wanted.name())
                    || duck.get(i).toUpperCase(Locale.ROOT).contains("NULL")
                    || (given.isDecimal() && (wanted.isDecimal() || wanted.equals(ColumnType.FLOAT)))
                    || (given.equals(ColumnType.INTEGER) && (wanted.isDecimal() || wanted.equals(ColumnType.FLOAT)));
            if (!fits) {
                throw BigQueryError.invalidQuery("Query column " + (i + 1) + " has type " + given.sql()
                        + " which cannot be inserted into column " + to.get(i).name() + ", which has type "
                        + wanted.sql() + insert.at().at());
            }
        }
    }

    private void definition(SqlStatement statement) throws SQLException {
        if (transaction != null) {
            throw BigQueryError.invalidQuery("Statement of type " + statement.type()
                    + " is not supported in a transaction because it changes a permanent entity");
        }
        if (statement instanceof SqlStatement.DropTable drop) {
            TableName name = name(drop.target());
            if (!warehouse.has(name) && drop.missing() == SqlStatement.DropTable.Missing.IGNORE) {
                return;
            }
            warehouse.table(name);
            warehouse.drop(name);
            return;
        }
        SqlStatement.CreateTable create = (SqlStatement.CreateTable) statement;
        TableName name = name(create.target());
        if (warehouse.has(name)) {
            if (create.existing() == Existing.KEEP) {
                return;
            }
            if (create.existing() == Existing.REFUSE) {
                throw BigQueryError.duplicate("Table " + name);
            }
        }
        ObjectNode resource = create.resource().deepCopy();
        String rendered = "";
        if (create.query().isPresent()) {
            SqlScope.Context context = context();
            rendered = create.query().get().render(SqlScope.of(context)).sql();
            measure(context);
            List<TableDefinition.Column> columns = describe(rendered);
            checkNames(columns);
            columns.forEach(column -> column.into(resource.withObject("/schema").withArray("fields")));
        }
        TableResources.complete(resource, name, warehouse.clock());
        TableDefinition table = new TableDefinition(name, resource);
        if (warehouse.has(name)) {
            warehouse.drop(name);
        }
        warehouse.create(table);
        if (!rendered.isEmpty()) {
            sqlOf("INSERT INTO " + name.duck() + " " + rendered);
        }
    }

    private long nowMicros() {
        return warehouse.clock().millis() * 1000;
    }

    private SqlScope.Context context() {
        long now = transaction == null ? nowMicros() : transactionMicros;
        return new SqlScope.Context(this::resolve, variables, now, new ArrayList<>());
    }

    private TableDefinition resolve(SqlPath path) {
        TableDefinition table = warehouse.table(name(path));
        if (transaction == null) {
            warehouse.expirePartitions(table);
        }
        return table;
    }

    private TableName name(SqlPath path) {
        List<String> parts = path.parts();
        if (parts.stream().anyMatch(part -> part.equalsIgnoreCase("INFORMATION_SCHEMA"))) {
            throw BigQueryError.notOffered("INFORMATION_SCHEMA");
        }
        int size = parts.size();
        if (size > 3 || (size == 1 && request.dataset().isEmpty())) {
            throw BigQueryError.invalidQuery(
                    "Table \"" + String.join(".", parts) + "\" must be qualified with a dataset (e.g. dataset.table)"
                            + path.at().at());
        }
        return new TableName(
                size == 3 ? parts.get(0) : request.project(),
                size == 1 ? request.dataset() : parts.get(size - 2),
                path.last());
    }

    /** Counts what a statement reads, and refuses what reads too much. */
    private void measure(SqlScope.Context context) throws SQLException {
        for (SqlScan scan : context.scans()) {
            scan.check();
        }
        long statementBytes = 0;
        long statementBilled = 0;
        for (SqlScan scan : context.scans()) {
            try (Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery(scan.bytesQuery())) {
                found.next();
                long bytes = found.getLong(1);
                statementBytes += bytes;
                statementBilled += bytes == 0 ? 0 : Math.max(LEAST_BILLED, -Math.floorDiv(-bytes, 1L << 20) << 20);
            }
        }
        processed += statementBytes;
        billed += statementBilled;
        if (request.maximumBytesBilled() >= 0 && billed > request.maximumBytesBilled()) {
            throw BigQueryError.of(
                    "bytesBilledLimitExceeded",
                    "Query exceeded limit for bytes billed: " + request.maximumBytesBilled() + ". " + billed
                            + " or higher required.");
        }
    }

    private boolean holds(SqlExpression condition) throws SQLException {
        return value(condition).equals("TRUE");
    }

    /** DuckDB's literal of the value that an expression has now. */
    private String value(SqlExpression expression) throws SQLException {
        SqlScope.Context context = context();
        String sql = expression.render(SqlScope.of(context));
        measure(context);
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT (" + sql + ") AS v")) {
            String duck = found.getMetaData().getColumnTypeName(1);
            if (duck.endsWith("[]")) {
                return sql;
            }
            QueryRows value = QueryRows.of(found);
            return value.literal(duck);
        }
    }

    private String textOf(String literal) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT " + literal)) {
            found.next();
            return String.valueOf(found.getString(1));
        }
    }

    private static BigQueryError translated(SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (message.contains("NOT NULL constraint failed")) {
            String column = message.substring(message.lastIndexOf('.') + 1);
            return BigQueryError.invalidQuery("Required field " + column + " cannot be null");
        }
        if (message.startsWith("INTERRUPT")) {
            return BigQueryError.of("stopped", "Job execution was cancelled: User requested cancellation");
        }
        return BigQueryError.invalidQuery(message.replaceFirst("^[A-Za-z ]+ Error: ", ""));
    }

    @Override
    public void close() {
        rollback();
        rows.close();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close a connection", e);
        }
    }

    /** The rows, which from now on are the caller's to close. */
    QueryRows takeRows() {
        QueryRows taken = rows;
        rows = QueryRows.none(Optional.of(taken).map(QueryRows::columns).orElseThrow());
        return taken;
    }
}
