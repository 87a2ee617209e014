package dev.candlewick.sink.gcp.testing;

import dev.candlewick.sink.gcp.testing.SqlExpression.Literal;
import dev.candlewick.sink.gcp.testing.SqlExpression.Operation;
import dev.candlewick.sink.gcp.testing.SqlExpression.Subquery;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads expressions and queries of GoogleSQL; whatever it does not know it refuses by name and place. */
final class SqlParser {
    private final SqlTokens tokens;
    private final Map<String, String> parameters;
    private int nameless;

    SqlParser(SqlTokens tokens, Map<String, String> parameters) {
        this.tokens = tokens;
        this.parameters = parameters;
    }

    /** The condition that is all of a text. */
    static SqlExpression condition(String text) {
        SqlTokens tokens = new SqlTokens(SqlToken.split(text));
        SqlExpression condition = new SqlParser(tokens, Map.of()).expression();
        if (tokens.peek().kind() != SqlToken.Kind.END) {
            throw tokens.peek().unexpected("end of input");
        }
        return condition;
    }

    /** Whether a query comes next. */
    boolean seesQuery() {
        return tokens.sees("SELECT")
                || tokens.sees("WITH")
                || (tokens.seesSymbol("(")
                        && (tokens.peek(1).is("SELECT") || tokens.peek(1).is("WITH")));
    }

    SqlQuery query() {
        List<SqlQuery.With> with = new ArrayList<>();
        if (tokens.accept("WITH")) {
            if (tokens.sees("RECURSIVE")) {
                throw BigQueryError.notOffered("WITH RECURSIVE");
            }
            do {
                String name = tokens.name();
                tokens.expect("AS");
                tokens.expectSymbol("(");
                with.add(new SqlQuery.With(name, query()));
                tokens.expectSymbol(")");
            } while (tokens.acceptSymbol(","));
        }
        SqlQuery.Body body = bodies();
        List<SqlQuery.Order> orderBy = tokens.accept("ORDER", "BY") ? orders() : List.of();
        String limit = tokens.accept("LIMIT") ? count() : "";
        String offset = tokens.accept("OFFSET") ? count() : "";
        return new SqlQuery(List.copyOf(with), body, orderBy, limit, offset);
    }

    private String count() {
        if (tokens.peek().kind() == SqlToken.Kind.PARAMETER) {
            return parameter();
        }
        return tokens.wholeNumber();
    }

    private SqlQuery.Body bodies() {
        SqlQuery.Body left = body();
        String before = "";
        while (true) {
            SqlToken at = tokens.peek();
            String operator;
            if (tokens.accept("UNION", "ALL")) {
                operator = "UNION ALL";
            } else if (tokens.accept("UNION", "DISTINCT")) {
                operator = "UNION";
            } else if (tokens.accept("EXCEPT", "DISTINCT")) {
                operator = "EXCEPT";
            } else if (tokens.accept("INTERSECT", "DISTINCT")) {
                operator = "INTERSECT";
            } else if (tokens.sees("UNION") || tokens.sees("EXCEPT") || tokens.sees("INTERSECT")) {
                throw tokens.peek(1).unexpected("keyword ALL or keyword DISTINCT");
            } else {
                return left;
            }
            if (!before.isEmpty() && !before.equals(operator)) {
                throw BigQueryError.invalidQuery(
                        "Syntax error: Different set operations cannot be used in the same query"
                                + " without using parentheses for grouping" + at.at());
            }
            before = operator;
            left = new SqlQuery.SetOperation(left, operator, body());
        }
    }

    private SqlQuery.Body body() {
        if (tokens.acceptSymbol("(")) {
            SqlQuery inner = query();
            tokens.expectSymbol(")");
            return new SqlQuery.Nested(inner);
        }
        tokens.expect("SELECT");
        String distinct = tokens.accept("DISTINCT") ? "DISTINCT " : "";
        if (tokens.sees("AS")) {
            throw BigQueryError.notOffered(
                    "SELECT AS STRUCT or AS VALUE" + tokens.peek().at());
        }
        List<SqlQuery.Item> items = new ArrayList<>();
        do {
            items.add(item());
        } while (tokens.acceptSymbol(","));
        Optional<SqlFrom> from = tokens.accept("FROM") ? Optional.of(from()) : Optional.empty();
        Optional<SqlExpression> where = tokens.accept("WHERE") ? Optional.of(expression()) : Optional.empty();
        List<SqlQuery.Order> groupBy = new ArrayList<>();
        if (tokens.accept("GROUP", "BY")) {
            do {
                groupBy.add(new SqlQuery.Order(expression(), ""));
            } while (tokens.acceptSymbol(","));
        }
        Optional<SqlExpression> having = tokens.accept("HAVING") ? Optional.of(expression()) : Optional.empty();
        Optional<SqlExpression> qualify = tokens.accept("QUALIFY") ? Optional.of(expression()) : Optional.empty();
        return new SqlQuery.Select(distinct, List.copyOf(items), from, where, List.copyOf(groupBy), having, qualify);
    }

    private SqlQuery.Item item() {
        SqlToken at = tokens.peek();
        if (tokens.acceptSymbol("*")) {
            return new SqlQuery.Item(Optional.empty(), "", "", except(), at);
        }
        if (tokens.seesName() && tokens.peek(1).isSymbol(".") && tokens.peek(2).isSymbol("*")) {
            String source = tokens.name();
            tokens.expectSymbol(".");
            tokens.expectSymbol("*");
            return new SqlQuery.Item(Optional.empty(), "", source, except(), at);
        }
        SqlExpression value = expression();
        return new SqlQuery.Item(Optional.of(value), alias(""), "", List.of(), at);
    }

    private List<String> except() {
        if (tokens.sees("REPLACE")) {
            throw BigQueryError.notOffered("SELECT * REPLACE");
        }
        List<String> columns = new ArrayList<>();
        if (tokens.sees("EXCEPT") && tokens.peek(1).isSymbol("(")) {
            tokens.expect("EXCEPT");
            tokens.expectSymbol("(");
            do {
                columns.add(tokens.name());
            } while (tokens.acceptSymbol(","));
            tokens.expectSymbol(")");
        }
        return List.copyOf(columns);
    }

    private String alias(String otherwise) {
        if (tokens.accept("AS")) {
            return tokens.name();
        }
        return tokens.seesName() ? tokens.name() : otherwise;
    }

    List<SqlQuery.Order> orders() {
        List<SqlQuery.Order> orders = new ArrayList<>();
        do {
            SqlExpression by = expression();
            boolean descending = tokens.accept("DESC");
            if (!descending) {
                tokens.accept("ASC");
            }
            // NULL is the least value unless the query says otherwise.
            String nulls = descending ? " NULLS LAST" : " NULLS FIRST";
            if (tokens.accept("NULLS", "FIRST")) {
                nulls = " NULLS FIRST";
            } else if (tokens.accept("NULLS", "LAST")) {
                nulls = " NULLS LAST";
            }
            orders.add(new SqlQuery.Order(by, (descending ? " DESC" : " ASC") + nulls));
        } while (tokens.acceptSymbol(","));
        return List.copyOf(orders);
    }

    private SqlFrom from() {
        SqlFrom left = source();
        while (true) {
            if (tokens.acceptSymbol(",") || tokens.accept("CROSS", "JOIN")) {
                left = new SqlFrom.Join(left, "CROSS JOIN", source(), Optional.empty(), List.of());
                continue;
            }
            String kind;
            if (tokens.accept("JOIN") || tokens.accept("INNER", "JOIN")) {
                kind = "INNER JOIN";
            } else if (tokens.accept("LEFT", "JOIN") || tokens.accept("LEFT", "OUTER", "JOIN")) {
                kind = "LEFT JOIN";
            } else if (tokens.accept("RIGHT", "JOIN") || tokens.accept("RIGHT", "OUTER", "JOIN")) {
                kind = "RIGHT JOIN";
            } else if (tokens.accept("FULL", "JOIN") || tokens.accept("FULL", "OUTER", "JOIN")) {
                kind = "FULL JOIN";
            } else {
                return left;
            }
            SqlFrom right = source();
            if (tokens.accept("USING")) {
                tokens.expectSymbol("(");
                List<String> using = new ArrayList<>();
                do {
                    using.add(tokens.name());
                } while (tokens.acceptSymbol(","));
                tokens.expectSymbol(")");
                left = new SqlFrom.Join(left, kind, right, Optional.empty(), List.copyOf(using));
            } else {
                tokens.expect("ON");
                left = new SqlFrom.Join(left, kind, right, Optional.of(expression()), List.of());
            }
        }
    }

    /** A table, a subquery or an array in a FROM clause or after USING. */
    SqlFrom source() {
        SqlToken at = tokens.peek();
        if (tokens.accept("UNNEST")) {
            tokens.expectSymbol("(");
            SqlExpression array = expression();
            tokens.expectSymbol(")");
            SqlFrom unnest = new SqlFrom.Unnest(array, alias("$unnest" + nameless++), at);
            if (tokens.sees("WITH", "OFFSET")) {
                throw BigQueryError.notOffered("WITH OFFSET");
            }
            return unnest;
        }
        if (tokens.acceptSymbol("(")) {
            SqlQuery inner = query();
            tokens.expectSymbol(")");
            return new SqlFrom.Derived(inner, alias("$subquery" + nameless++), at);
        }
        SqlPath path = tokens.path();
        if (tokens.sees("FOR", "SYSTEM_TIME")) {
            throw BigQueryError.notOffered("FOR SYSTEM_TIME AS OF");
        }
        return new SqlFrom.Table(path, alias(path.last()));
    }

    SqlExpression expression() {
        SqlExpression left = conjunction();
        if (!tokens.sees("OR")) {
            return left;
        }
        List<SqlExpression> parts = new ArrayList<>(List.of(left));
        while (tokens.accept("OR")) {
            parts.add(conjunction());
        }
        return joined("OR", parts);
    }

    private SqlExpression conjunction() {
        SqlExpression left = negation();
        if (!tokens.sees("AND")) {
            return left;
        }
        List<SqlExpression> parts = new ArrayList<>(List.of(left));
        while (tokens.accept("AND")) {
            parts.add(negation());
        }
        return joined("AND", parts);
    }

    private static SqlExpression joined(String operator, List<SqlExpression> parts) {
        return Operation.of(
                operator,
                List.copyOf(parts),
                texts -> List.of(texts.stream().collect(Collectors.joining(" " + operator + " ", "(", ")"))));
    }

    private SqlExpression negation() {
        if (tokens.accept("NOT")) {
            return Operation.of("NOT", List.of(negation()), texts -> List.of("(NOT ", texts.get(0), ")"));
        }
        return comparison();
    }

    private SqlExpression comparison() {
        SqlExpression left = sum();
        SqlToken operator = tokens.peek();
        if (operator.kind() == SqlToken.Kind.SYMBOL
                && List.of("=", "<", "<=", ">", ">=", "!=", "<>").contains(operator.text())) {
            tokens.next();
            String kind = operator.text().equals("!=") ? "<>" : operator.text();
            return Operation.binary(kind, kind, left, sum());
        }
        if (tokens.accept("IS")) {
            String not = tokens.accept("NOT") ? "NOT " : "";
            if (tokens.accept("DISTINCT", "FROM")) {
                return Operation.binary("IS DISTINCT", "IS " + not + "DISTINCT FROM", left, sum());
            }
            SqlToken what = tokens.next();
            if (!what.is("NULL") && !what.is("TRUE") && !what.is("FALSE")) {
                throw what.unexpected("NULL, TRUE, FALSE or DISTINCT FROM");
            }
            String kind = "IS " + not + what.text().toUpperCase(Locale.ROOT);
            return Operation.of(kind, List.of(left), texts -> List.of("(", texts.get(0), " ", kind, ")"));
        }
        boolean negated = tokens.sees("NOT")
                && (tokens.peek(1).is("IN")
                        || tokens.peek(1).is("BETWEEN")
                        || tokens.peek(1).is("LIKE"));
        if (negated) {
            tokens.expect("NOT");
        }
        String not = negated ? "NOT " : "";
        if (tokens.accept("BETWEEN")) {
            SqlExpression low = sum();
            tokens.expect("AND");
            SqlExpression high = sum();
            return Operation.of(
                    not + "BETWEEN",
                    List.of(left, low, high),
                    texts ->
                            List.of("(", texts.get(0), " ", not, "BETWEEN ", texts.get(1), " AND ", texts.get(2), ")"));
        }
        if (tokens.accept("LIKE")) {
            // A backslash escapes in BigQuery's patterns by itself.
            return Operation.of(
                    not + "LIKE",
                    List.of(left, sum()),
                    texts -> List.of("(", texts.get(0), " ", not, "LIKE ", texts.get(1), " ESCAPE '\\')"));
        }
        if (tokens.accept("IN")) {
            return in(left, not);
        }
        return left;
    }

    private SqlExpression in(SqlExpression left, String not) {
        if (tokens.accept("UNNEST")) {
            tokens.expectSymbol("(");
            SqlExpression array = expression();
            tokens.expectSymbol(")");
            return Operation.of(
                    not + "IN UNNEST",
                    List.of(left, array),
                    texts -> List.of("(", texts.get(0), " ", not, "IN (SELECT unnest(", texts.get(1), ")))"));
        }
        tokens.expectSymbol("(");
        if (seesQuery()) {
            SqlQuery inner = query();
            tokens.expectSymbol(")");
            return new Subquery(Optional.of(left), not + "IN ", inner);
        }
        List<SqlExpression> parts = new ArrayList<>(List.of(left));
        do {
            parts.add(expression());
        } while (tokens.acceptSymbol(","));
        tokens.expectSymbol(")");
        return Operation.of(
                not + "IN",
                List.copyOf(parts),
                texts -> List.of(
                        "(", texts.get(0), " ", not, "IN (", String.join(", ", texts.subList(1, texts.size())), "))"));
    }

    private SqlExpression sum() {
        SqlExpression left = product();
        while (true) {
            SqlToken operator = tokens.peek();
            if (!operator.isSymbol("+") && !operator.isSymbol("-")) {
                return left;
            }
            tokens.next();
            left = Operation.binary(operator.text(), operator.text(), left, product());
        }
    }

    private SqlExpression product() {
        SqlExpression left = signed();
        while (true) {
            SqlToken operator = tokens.peek();
            if (operator.isSymbol("/")) {
                throw BigQueryError.notOffered("The operator / (its type depends on its operands')" + operator.at());
            }
            if (!operator.isSymbol("*") && !operator.isSymbol("||")) {
                return left;
            }
            tokens.next();
            left = Operation.binary(operator.text(), operator.text(), left, signed());
        }
    }

    private SqlExpression signed() {
        if (tokens.acceptSymbol("-")) {
            return Operation.of("-", List.of(signed()), texts -> List.of("(- ", texts.get(0), ")"));
        }
        if (tokens.acceptSymbol("+")) {
            return signed();
        }
        return primary();
    }

    private String parameter() {
        SqlToken token = tokens.next();
        String value = parameters.get(token.text().toLowerCase(Locale.ROOT));
        if (value == null) {
            throw BigQueryError.invalidQuery("Query parameter '" + token.text() + "' not found" + token.at());
        }
        return value;
    }

    private SqlExpression primary() {
        SqlToken token = tokens.peek();
        switch (token.kind()) {
            case NUMBER -> {
                tokens.next();
                return new Literal(SqlValues.number(token.text()), token.text());
            }
            case STRING -> {
                tokens.next();
                return new Literal(SqlText.text(token.text()), "");
            }
            case PARAMETER -> {
                return new Literal(parameter(), "");
            }
            case SYSTEM -> {
                tokens.next();
                return new SqlExpression.Name(List.of("@@" + token.text()), token);
            }
            default -> {
                return structure(token);
            }
        }
    }

    private SqlExpression structure(SqlToken token) {
        if (tokens.acceptSymbol("(")) {
            if (seesQuery()) {
                SqlQuery inner = query();
                tokens.expectSymbol(")");
                return new Subquery(Optional.empty(), "", inner);
            }
            SqlExpression inner = expression();
            if (tokens.seesSymbol(",")) {
                throw BigQueryError.notOffered("A STRUCT" + token.at());
            }
            tokens.expectSymbol(")");
            return Operation.of("()", List.of(inner), texts -> List.of("(", texts.get(0), ")"));
        }
        if (token.isSymbol("[")
                || (tokens.sees("ARRAY")
                        && (tokens.peek(1).isSymbol("[") || tokens.peek(1).isSymbol("<")))) {
            return array();
        }
        if (tokens.accept("TRUE")) {
            return new Literal("TRUE", "");
        }
        if (tokens.accept("FALSE")) {
            return new Literal("FALSE", "");
        }
        if (tokens.accept("NULL")) {
            return new Literal("NULL", "");
        }
        if (tokens.accept("CASE")) {
            return choice();
        }
        if (tokens.accept("EXISTS")) {
            tokens.expectSymbol("(");
            SqlQuery inner = query();
            tokens.expectSymbol(")");
            return new Subquery(Optional.empty(), "EXISTS ", inner);
        }
        if (token.kind() == SqlToken.Kind.NAME && tokens.peek(1).kind() == SqlToken.Kind.STRING) {
            return literal(token);
        }
        if ((token.is("CAST") || token.is("SAFE_CAST")) && tokens.peek(1).isSymbol("(")) {
            return cast();
        }
        if (token.kind() == SqlToken.Kind.NAME
                && tokens.peek(1).isSymbol("(")
                && (tokens.seesName() || token.is("IF"))) {
            return call();
        }
        if (!tokens.seesName()) {
            throw token.unexpected("an expression");
        }
        SqlPath path = tokens.path();
        return new SqlExpression.Name(path.parts(), path.at());
    }

    private SqlExpression array() {
        String type = "";
        if (tokens.accept("ARRAY") && tokens.acceptSymbol("<")) {
            type = tokens.type().duck();
            tokens.expectSymbol(">");
        }
        tokens.expectSymbol("[");
        List<SqlExpression> elements = new ArrayList<>();
        while (!tokens.seesSymbol("]")) {
            if (!elements.isEmpty()) {
                tokens.expectSymbol(",");
            }
            elements.add(expression());
        }
        tokens.expectSymbol("]");
        String cast = type;
        return Operation.of("ARRAY", List.copyOf(elements), texts -> {
            String list = "[" + String.join(", ", texts) + "]";
            return List.of(cast.isEmpty() ? list : "CAST(" + list + " AS " + cast + "[])");
        });
    }

    private SqlExpression literal(SqlToken type) {
        tokens.next();
        String text = tokens.text();
        try {
            return switch (type.text().toUpperCase(Locale.ROOT)) {
                case "TIMESTAMP" -> new Literal(SqlText.timestamp(SqlValues.micros(text)), "");
                case "DATE" -> new Literal("CAST('" + LocalDate.parse(text) + "' AS DATE)", "");
                case "NUMERIC" -> new Literal(SqlValues.decimal("NUMERIC", text), "");
                case "BIGNUMERIC" -> new Literal(SqlValues.decimal("BIGNUMERIC", text), "");
                default -> throw type.unexpected("TIMESTAMP, DATE, NUMERIC or BIGNUMERIC before a string literal");
            };
        } catch (DateTimeException e) {
            throw BigQueryError.invalidQuery("Invalid DATE literal" + type.at());
        }
    }

    private SqlExpression choice() {
        List<SqlExpression> parts = new ArrayList<>();
        List<String> words = new ArrayList<>();
        if (!tokens.sees("WHEN")) {
            parts.add(expression());
            words.add("CASE ");
        }
        while (tokens.accept("WHEN")) {
            words.add(words.isEmpty() ? "CASE WHEN " : " WHEN ");
            parts.add(expression());
            tokens.expect("THEN");
            words.add(" THEN ");
            parts.add(expression());
        }
        if (tokens.accept("ELSE")) {
            words.add(" ELSE ");
            parts.add(expression());
        }
        tokens.expect("END");
        return Operation.of("CASE", List.copyOf(parts), texts -> {
            List<String> pieces = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                pieces.add(words.get(i));
                pieces.add(texts.get(i));
            }
            pieces.add(" END");
            return pieces;
        });
    }

    private SqlExpression cast() {
        boolean safe = tokens.next().is("SAFE_CAST");
        tokens.expectSymbol("(");
        SqlExpression value = expression();
        tokens.expect("AS");
        ColumnType type = tokens.type();
        tokens.expectSymbol(")");
        String form = switch (type.name()) {
            // What these two give for the same value differs between the two dialects: see Warehouse.
            case "STRING" -> "bq_text($)";
            case "INTEGER" -> safe ? "TRY_CAST($ AS BIGINT)" : "bq_integer($)";
            default -> (safe ? "TRY_CAST" : "CAST") + "($ AS " + type.duck() + ")";
        };
        return Operation.of("CAST", List.of(value), texts -> List.of(form.replace("$", texts.get(0))));
    }

    private SqlExpression call() {
        SqlToken function = tokens.next();
        String name = function.text().toUpperCase(Locale.ROOT);
        tokens.expectSymbol("(");
        switch (name) {
            case "TIMESTAMP_ADD", "TIMESTAMP_SUB" -> {
                return shifted(name);
            }
            case "TIMESTAMP_TRUNC", "TIMESTAMP_DIFF" -> {
                return counted(name);
            }
            default -> {
                Optional<String> form = SqlFunctions.overRows(name);
                if (form.isPresent()) {
                    return overRows(name, form.get());
                }
            }
        }
        List<SqlExpression> arguments = new ArrayList<>();
        while (!tokens.seesSymbol(")")) {
            if (!arguments.isEmpty()) {
                tokens.expectSymbol(",");
            }
            arguments.add(expression());
        }
        tokens.expectSymbol(")");
        return SqlFunctions.scalar(name, List.copyOf(arguments), function);
    }

    private SqlExpression shifted(String name) {
        SqlExpression time = expression();
        tokens.expectSymbol(",");
        tokens.expect("INTERVAL");
        SqlExpression amount = expression();
        String unit = unit("MONTH", "YEAR", "WEEK");
        tokens.expectSymbol(")");
        String sign = name.equals("TIMESTAMP_ADD") ? " + " : " - ";
        return Operation.of(
                name,
                List.of(time, amount),
                texts -> List.of("(", texts.get(0), sign, "to_", unit, "s(", texts.get(1), "))"));
    }

    private SqlExpression counted(String name) {
        List<SqlExpression> arguments = new ArrayList<>();
        do {
            arguments.add(expression());
            tokens.expectSymbol(",");
        } while (!SqlFunctions.isUnit(tokens.peek()));
        if (arguments.size() != (name.equals("TIMESTAMP_TRUNC") ? 1 : 2)) {
            throw tokens.peek().unexpected("the arguments of " + name);
        }
        if (name.equals("TIMESTAMP_TRUNC")) {
            String unit = unit("WEEK");
            tokens.expectSymbol(")");
            return Operation.of(name, arguments, texts -> List.of("date_trunc('", unit, "', ", texts.get(0), ")"));
        }
        String unit = unit("MONTH", "YEAR", "WEEK");
        tokens.expectSymbol(")");
        // Whole units between the two, as datesub counts them; datediff would count borders.
        return Operation.of(
                name, arguments, texts -> List.of("datesub('", unit, "', ", texts.get(1), ", ", texts.get(0), ")"));
    }

    private String unit(String... refused) {
        SqlToken token = tokens.next();
        if (!SqlFunctions.isUnit(token)
                || List.of(refused).contains(token.text().toUpperCase(Locale.ROOT))) {
            throw token.unexpected("a unit of time");
        }
        return token.text().toLowerCase(Locale.ROOT);
    }

    private SqlExpression overRows(String name, String form) {
        List<SqlExpression> parts = new ArrayList<>();
        StringBuilder inside = new StringBuilder();
        if (tokens.acceptSymbol("*")) {
            inside.append('*');
        } else {
            inside.append(tokens.accept("DISTINCT") ? "DISTINCT " : "");
            while (!tokens.seesSymbol(")") && !tokens.sees("ORDER")) {
                if (!parts.isEmpty()) {
                    tokens.expectSymbol(",");
                    inside.append(", ");
                }
                inside.append('\0');
                parts.add(expression());
            }
            if (tokens.accept("ORDER", "BY")) {
                inside.append(" ORDER BY ").append(placed(orders(), parts));
            }
        }
        tokens.expectSymbol(")");
        StringBuilder text = new StringBuilder(form.replace("$", inside));
        if (tokens.accept("OVER")) {
            tokens.expectSymbol("(");
            text = new StringBuilder("(").append(text).append(" OVER (");
            if (tokens.accept("PARTITION", "BY")) {
                String separator = "PARTITION BY ";
                do {
                    text.append(separator).append('\0');
                    parts.add(expression());
                    separator = ", ";
                } while (tokens.acceptSymbol(","));
            }
            if (tokens.accept("ORDER", "BY")) {
                text.append(" ORDER BY ").append(placed(orders(), parts));
            }
            if (tokens.accept("ROWS")) {
                tokens.expect("BETWEEN");
                text.append(" ROWS BETWEEN ").append(bound());
                tokens.expect("AND");
                text.append(" AND ").append(bound());
            }
            tokens.expectSymbol(")");
            text.append("))");
        }
        String shape = text.toString();
        return new Operation(
                name,
                List.copyOf(parts),
                (texts, scope) -> {
                    StringBuilder filled = new StringBuilder();
                    int next = 0;
                    for (int i = 0; i < shape.length(); i++) {
                        char c = shape.charAt(i);
                        if (c == '\0') {
                            filled.append(texts.get(next++));
                        } else {
                            filled.append(c);
                        }
                    }
                    return filled.toString();
                },
                Operation.PerRow.OTHERWISE);
    }

    private static String placed(List<SqlQuery.Order> orders, List<SqlExpression> parts) {
        orders.forEach(order -> parts.add(order.by()));
        return orders.stream().map(order -> "\0" + order.direction()).collect(Collectors.joining(", "));
    }

    private String bound() {
        if (tokens.accept("UNBOUNDED", "PRECEDING")) {
            return "UNBOUNDED PRECEDING";
        }
        if (tokens.accept("UNBOUNDED", "FOLLOWING")) {
            return "UNBOUNDED FOLLOWING";
        }
        if (tokens.accept("CURRENT", "ROW")) {
            return "CURRENT ROW";
        }
        String count = tokens.wholeNumber();
        if (tokens.accept("PRECEDING")) {
            return count + " PRECEDING";
        }
        tokens.expect("FOLLOWING");
        return count + " FOLLOWING";
    }
}
