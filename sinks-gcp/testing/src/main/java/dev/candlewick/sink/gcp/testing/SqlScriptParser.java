package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candlewick.sink.gcp.testing.SqlStatement.Assignment;
import dev.candlewick.sink.gcp.testing.SqlStatement.Branch;
import dev.candlewick.sink.gcp.testing.SqlStatement.CreateTable.Existing;
import dev.candlewick.sink.gcp.testing.SqlStatement.When;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads scripts of GoogleSQL, of one statement or of many. */
final class SqlScriptParser {
    private static final Set<String> UNITS = Set.of("HOUR", "DAY", "MONTH", "YEAR");

    private final SqlTokens tokens;
    private final SqlParser expressions;

    private SqlScriptParser(SqlTokens tokens, Map<String, String> parameters) {
        this.tokens = tokens;
        this.expressions = new SqlParser(tokens, parameters);
    }

    /** The statements of a script; parameters are DuckDB's literals by lower-case name. */
    static List<SqlStatement> parse(String sql, Map<String, String> parameters) {
        SqlTokens tokens = new SqlTokens(SqlToken.split(sql));
        SqlScriptParser parser = new SqlScriptParser(tokens, parameters);
        List<SqlStatement> statements = parser.statements();
        if (tokens.peek().kind() != SqlToken.Kind.END) {
            throw tokens.peek().unexpected("end of input");
        }
        if (statements.isEmpty()) {
            throw BigQueryError.invalidQuery(
                    "Syntax error: Unexpected end of script" + tokens.peek().at());
        }
        return statements;
    }

    private List<SqlStatement> statements() {
        List<SqlStatement> statements = new ArrayList<>();
        while (true) {
            while (tokens.acceptSymbol(";")) {}
            if (tokens.peek().kind() == SqlToken.Kind.END
                    || tokens.sees("END")
                    || tokens.sees("ELSE")
                    || tokens.sees("ELSEIF")
                    || tokens.sees("EXCEPTION")) {
                return List.copyOf(statements);
            }
            SqlStatement statement = statement();
            if (statement instanceof SqlStatement.Declare
                    && !statements.isEmpty()
                    && !(statements.get(statements.size() - 1) instanceof SqlStatement.Declare)) {
                throw BigQueryError.invalidQuery(
                        "Variable declarations are allowed only at the start of a block or script"
                                + statement.at().at());
            }
            statements.add(statement);
            if (tokens.peek().kind() != SqlToken.Kind.END) {
                tokens.expectSymbol(";");
            }
        }
    }

    private SqlStatement statement() {
        SqlToken at = tokens.peek();
        if (expressions.seesQuery()) {
            return new SqlStatement.Select(at, expressions.query());
        }
        switch (at.text().toUpperCase(Locale.ROOT)) {
            case "INSERT" -> {
                return insert(at);
            }
            case "DELETE" -> {
                tokens.next();
                tokens.accept("FROM");
                SqlPath target = tokens.path();
                String alias = alias(target);
                return new SqlStatement.Delete(at, target, alias, where("DELETE"));
            }
            case "UPDATE" -> {
                tokens.next();
                SqlPath target = tokens.path();
                String alias = alias(target);
                tokens.expect("SET");
                List<Assignment> assignments = assignments();
                if (tokens.sees("FROM")) {
                    throw BigQueryError.notOffered("UPDATE with FROM");
                }
                return new SqlStatement.Update(at, target, alias, assignments, where("UPDATE"));
            }
            case "MERGE" -> {
                return merge(at);
            }
            case "TRUNCATE" -> {
                tokens.next();
                tokens.expect("TABLE");
                return new SqlStatement.Truncate(at, tokens.path());
            }
            case "CREATE" -> {
                return create(at);
            }
            case "DROP" -> {
                tokens.next();
                tokens.expect("TABLE");
                boolean ifExists = tokens.accept("IF", "EXISTS");
                return new SqlStatement.DropTable(
                        at,
                        tokens.path(),
                        ifExists ? SqlStatement.DropTable.Missing.IGNORE : SqlStatement.DropTable.Missing.REFUSE);
            }
            case "BEGIN" -> {
                return begin(at);
            }
            case "COMMIT", "ROLLBACK" -> {
                tokens.next();
                tokens.accept("TRANSACTION");
                return new SqlStatement.Transaction(at, at.text().toUpperCase(Locale.ROOT) + "_TRANSACTION");
            }
            default -> {
                return control(at);
            }
        }
    }

    private SqlStatement control(SqlToken at) {
        if (tokens.accept("DECLARE")) {
            List<String> names = new ArrayList<>();
            do {
                names.add(tokens.name());
            } while (tokens.acceptSymbol(","));
            Optional<String> type = tokens.sees("DEFAULT") ? Optional.empty() : Optional.of(declaredType());
            Optional<SqlExpression> value =
                    tokens.accept("DEFAULT") ? Optional.of(expressions.expression()) : Optional.empty();
            return new SqlStatement.Declare(at, List.copyOf(names), type, value);
        }
        if (tokens.accept("SET")) {
            if (tokens.seesSymbol("(")) {
                throw BigQueryError.notOffered("SET of several variables");
            }
            String name = tokens.name();
            tokens.expectSymbol("=");
            return new SqlStatement.Assign(at, name, expressions.expression());
        }
        if (tokens.accept("IF")) {
            return choice(at);
        }
        if (tokens.accept("RAISE")) {
            if (!tokens.accept("USING")) {
                return new SqlStatement.Raise(at, Optional.empty());
            }
            tokens.expect("MESSAGE");
            tokens.expectSymbol("=");
            return new SqlStatement.Raise(at, Optional.of(expressions.expression()));
        }
        if (tokens.accept("ASSERT")) {
            SqlExpression condition = expressions.expression();
            return new SqlStatement.Assert(at, condition, tokens.accept("AS") ? tokens.text() : "");
        }
        if (tokens.accept("RETURN")) {
            return new SqlStatement.Return(at);
        }
        if (at.kind() == SqlToken.Kind.NAME) {
            throw BigQueryError.invalidQuery("Syntax error: Unexpected identifier \"" + at.text() + "\"" + at.at()
                    + " (or a statement that the local BigQuery does not offer)");
        }
        throw at.unexpected("a statement");
    }

    private String declaredType() {
        if (tokens.accept("ARRAY")) {
            tokens.expectSymbol("<");
            String element = tokens.type().duck();
            tokens.expectSymbol(">");
            return element + "[]";
        }
        return tokens.type().duck();
    }

    private String alias(SqlPath target) {
        if (tokens.accept("AS")) {
            return tokens.name();
        }
        return tokens.seesName() ? tokens.name() : target.last();
    }

    private SqlExpression where(String statement) {
        if (!tokens.accept("WHERE")) {
            throw BigQueryError.invalidQuery(
                    statement + " must have a WHERE clause" + tokens.peek().at());
        }
        return expressions.expression();
    }

    private List<String> names() {
        tokens.expectSymbol("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(tokens.name());
        } while (tokens.acceptSymbol(","));
        tokens.expectSymbol(")");
        return List.copyOf(names);
    }

    private List<SqlExpression> tuple() {
        tokens.expectSymbol("(");
        List<SqlExpression> values = new ArrayList<>();
        do {
            values.add(expressions.expression());
        } while (tokens.acceptSymbol(","));
        tokens.expectSymbol(")");
        return List.copyOf(values);
    }

    private List<Assignment> assignments() {
        List<Assignment> assignments = new ArrayList<>();
        do {
            SqlPath column = tokens.path();
            tokens.expectSymbol("=");
            assignments.add(new Assignment(column.last(), expressions.expression()));
        } while (tokens.acceptSymbol(","));
        return List.copyOf(assignments);
    }

    private SqlStatement insert(SqlToken at) {
        tokens.next();
        tokens.accept("INTO");
        SqlPath target = tokens.path();
        List<String> columns = tokens.seesSymbol("(") && !expressions.seesQuery() ? names() : List.of();
        if (!tokens.accept("VALUES")) {
            return new SqlStatement.Insert(at, target, columns, Optional.of(expressions.query()), List.of());
        }
        List<List<SqlExpression>> rows = new ArrayList<>();
        do {
            rows.add(tuple());
        } while (tokens.acceptSymbol(","));
        return new SqlStatement.Insert(at, target, columns, Optional.empty(), List.copyOf(rows));
    }

    private SqlStatement merge(SqlToken at) {
        tokens.next();
        tokens.accept("INTO");
        SqlPath target = tokens.path();
        String alias = alias(target);
        tokens.expect("USING");
        SqlFrom source = expressions.source();
        tokens.expect("ON");
        SqlExpression on = expressions.expression();
        List<When> branches = new ArrayList<>();
        while (tokens.accept("WHEN")) {
            branches.add(branch());
        }
        if (branches.isEmpty()) {
            throw tokens.peek().unexpected("keyword WHEN");
        }
        return new SqlStatement.Merge(at, target, alias, source, on, List.copyOf(branches));
    }

    private When branch() {
        String match = "MATCHED";
        if (tokens.accept("NOT", "MATCHED")) {
            match = "NOT MATCHED BY TARGET";
            if (tokens.accept("BY", "SOURCE")) {
                match = "NOT MATCHED BY SOURCE";
            } else {
                tokens.accept("BY", "TARGET");
            }
        } else {
            tokens.expect("MATCHED");
        }
        Optional<SqlExpression> and = tokens.accept("AND") ? Optional.of(expressions.expression()) : Optional.empty();
        tokens.expect("THEN");
        if (tokens.accept("DELETE")) {
            return new When(match, and, List.of(), List.of(), List.of(), "DELETE");
        }
        if (tokens.accept("UPDATE")) {
            tokens.expect("SET");
            return new When(match, and, assignments(), List.of(), List.of(), "UPDATE");
        }
        tokens.expect("INSERT");
        if (tokens.accept("ROW")) {
            return new When(match, and, List.of(), List.of(), List.of(), "INSERT ROW");
        }
        List<String> columns = tokens.seesSymbol("(") ? names() : List.of();
        if (tokens.accept("ROW")) {
            return new When(match, and, List.of(), columns, List.of(), "INSERT ROW");
        }
        tokens.expect("VALUES");
        return new When(match, and, List.of(), columns, tuple(), "INSERT");
    }

    private SqlStatement begin(SqlToken at) {
        tokens.next();
        if (tokens.accept("TRANSACTION") || tokens.seesSymbol(";")) {
            return new SqlStatement.Transaction(at, "BEGIN_TRANSACTION");
        }
        List<SqlStatement> body = statements();
        Optional<List<SqlStatement>> handler = Optional.empty();
        if (tokens.accept("EXCEPTION")) {
            tokens.expect("WHEN", "ERROR", "THEN");
            handler = Optional.of(statements());
        }
        tokens.expect("END");
        return new SqlStatement.Block(at, body, handler);
    }

    private SqlStatement choice(SqlToken at) {
        List<Branch> branches = new ArrayList<>();
        do {
            SqlExpression condition = expressions.expression();
            tokens.expect("THEN");
            branches.add(new Branch(Optional.of(condition), statements()));
        } while (tokens.accept("ELSEIF"));
        if (tokens.accept("ELSE")) {
            branches.add(new Branch(Optional.empty(), statements()));
        }
        tokens.expect("END", "IF");
        return new SqlStatement.If(at, List.copyOf(branches));
    }

    private SqlStatement create(SqlToken at) {
        tokens.next();
        Existing existing = tokens.accept("OR", "REPLACE") ? Existing.REPLACE : Existing.REFUSE;
        if (tokens.sees("TEMP") || tokens.sees("TEMPORARY")) {
            throw BigQueryError.notOffered("A temporary table");
        }
        tokens.expect("TABLE");
        if (tokens.accept("IF", "NOT", "EXISTS")) {
            existing = Existing.KEEP;
        }
        SqlPath target = tokens.path();
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        ArrayNode fields = resource.putObject("schema").putArray("fields");
        boolean columns = tokens.acceptSymbol("(");
        while (columns && !tokens.acceptSymbol(")")) {
            String name = tokens.name();
            ColumnType type = tokens.type();
            boolean required = tokens.accept("NOT", "NULL");
            ObjectNode field = new TableDefinition.Column(name, type, required ? "REQUIRED" : "NULLABLE").into(fields);
            if (tokens.sees("OPTIONS")) {
                options(field, field);
            }
            if (!tokens.seesSymbol(")")) {
                tokens.expectSymbol(",");
            }
        }
        if (tokens.accept("PARTITION", "BY")) {
            partition(resource);
        }
        if (tokens.accept("CLUSTER", "BY")) {
            ArrayNode clustering = resource.putObject("clustering").putArray("fields");
            do {
                clustering.add(tokens.name());
            } while (tokens.acceptSymbol(","));
        }
        if (tokens.sees("OPTIONS")) {
            options(resource, resource.withObject("/timePartitioning"));
            if (resource.path("timePartitioning").isEmpty()) {
                resource.remove("timePartitioning");
            }
        }
        Optional<SqlQuery> query = tokens.accept("AS") ? Optional.of(expressions.query()) : Optional.empty();
        if (query.isPresent() && columns) {
            throw BigQueryError.notOffered("CREATE TABLE with columns and AS SELECT");
        }
        return new SqlStatement.CreateTable(at, target, existing, resource, query);
    }

    private void partition(ObjectNode resource) {
        ObjectNode partitioning = resource.putObject("timePartitioning");
        String unit = "DAY";
        String field;
        if (tokens.sees("TIMESTAMP_TRUNC") && tokens.peek(1).isSymbol("(")) {
            tokens.next();
            tokens.expectSymbol("(");
            field = tokens.name();
            tokens.expectSymbol(",");
            SqlToken word = tokens.next();
            unit = word.text().toUpperCase(Locale.ROOT);
            if (!UNITS.contains(unit)) {
                throw word.unexpected("HOUR, DAY, MONTH or YEAR");
            }
            tokens.expectSymbol(")");
        } else if (tokens.sees("DATE") && tokens.peek(1).isSymbol("(")) {
            tokens.next();
            tokens.expectSymbol("(");
            field = tokens.name();
            tokens.expectSymbol(")");
        } else {
            field = tokens.name();
        }
        partitioning.put("type", unit).put("field", field);
    }

    private void options(ObjectNode resource, ObjectNode partitioning) {
        tokens.expect("OPTIONS");
        tokens.expectSymbol("(");
        while (!tokens.acceptSymbol(")")) {
            SqlToken option = tokens.peek();
            String name = tokens.name().toLowerCase(Locale.ROOT);
            tokens.expectSymbol("=");
            switch (name) {
                case "description" -> resource.put("description", tokens.text());
                case "friendly_name" -> resource.put("friendlyName", tokens.text());
                case "require_partition_filter" -> {
                    boolean value = tokens.accept("TRUE");
                    if (!value) {
                        tokens.expect("FALSE");
                    }
                    resource.put("requirePartitionFilter", value);
                }
                case "partition_expiration_days" -> {
                    String days = tokens.next().text();
                    long millis = Math.round(
                            Double.parseDouble(days) * Duration.ofDays(1).toMillis());
                    partitioning.put("expirationMs", String.valueOf(millis));
                }
                case "expiration_timestamp" -> {
                    tokens.expect("TIMESTAMP");
                    resource.put(
                            "expirationTime", String.valueOf(Math.floorDiv(SqlValues.micros(tokens.text()), 1000)));
                }
                case "labels" -> labels(resource.putObject("labels"));
                default -> throw BigQueryError.invalidQuery("Unknown option: " + name + option.at());
            }
            if (!tokens.seesSymbol(")")) {
                tokens.expectSymbol(",");
            }
        }
    }

    private void labels(ObjectNode labels) {
        tokens.expectSymbol("[");
        while (!tokens.acceptSymbol("]")) {
            tokens.expectSymbol("(");
            String key = tokens.text();
            tokens.expectSymbol(",");
            labels.put(key, tokens.text());
            tokens.expectSymbol(")");
            if (!tokens.seesSymbol("]")) {
                tokens.expectSymbol(",");
            }
        }
    }
}
