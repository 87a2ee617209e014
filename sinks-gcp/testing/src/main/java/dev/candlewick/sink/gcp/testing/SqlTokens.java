package dev.candlewick.sink.gcp.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words of a statement, read from left to right. */
final class SqlTokens {
    /** Words that name nothing unless they stand in backticks. */
    private static final Set<String> RESERVED = Set.of(
            "ALL",
            "AND",
            "ANY",
            "ARRAY",
            "AS",
            "ASC",
            "ASSERT_ROWS_MODIFIED",
            "AT",
            "BETWEEN",
            "BY",
            "CASE",
            "CAST",
            "COLLATE",
            "CONTAINS",
            "CREATE",
            "CROSS",
            "CUBE",
            "CURRENT",
            "DEFAULT",
            "DEFINE",
            "DESC",
            "DISTINCT",
            "ELSE",
            "END",
            "ENUM",
            "ESCAPE",
            "EXCEPT",
            "EXCLUDE",
            "EXISTS",
            "EXTRACT",
            "FALSE",
            "FETCH",
            "FOLLOWING",
            "FOR",
            "FROM",
            "FULL",
            "GROUP",
            "GROUPING",
            "GROUPS",
            "HASH",
            "HAVING",
            "IF",
            "IGNORE",
            "IN",
            "INNER",
            "INTERSECT",
            "INTERVAL",
            "INTO",
            "IS",
            "JOIN",
            "LATERAL",
            "LEFT",
            "LIKE",
            "LIMIT",
            "LOOKUP",
            "MERGE",
            "NATURAL",
            "NEW",
            "NO",
            "NOT",
            "NULL",
            "NULLS",
            "OF",
            "ON",
            "OR",
            "ORDER",
            "OUTER",
            "OVER",
            "PARTITION",
            "PRECEDING",
            "PROTO",
            "QUALIFY",
            "RANGE",
            "RECURSIVE",
            "RESPECT",
            "RIGHT",
            "ROLLUP",
            "ROWS",
            "SELECT",
            "SET",
            "SOME",
            "STRUCT",
            "TABLESAMPLE",
            "THEN",
            "TO",
            "TREAT",
            "TRUE",
            "UNBOUNDED",
            "UNION",
            "UNNEST",
            "USING",
            "WHEN",
            "WHERE",
            "WINDOW",
            "WITH",
            "WITHIN");

    private final List<SqlToken> tokens;
    private int at;

    SqlTokens(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    SqlToken peek() {
        return tokens.get(at);
    }

    SqlToken peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    SqlToken next() {
        SqlToken token = tokens.get(at);
        if (token.kind() != SqlToken.Kind.END) {
            at++;
        }
        return token;
    }

    /** Whether these keywords come next, one after the other. */
    boolean sees(String... keywords) {
        for (int i = 0; i < keywords.length; i++) {
            if (!peek(i).is(keywords[i])) {
                return false;
            }
        }
        return true;
    }

    /** Passes these keywords if they come next. */
    boolean accept(String... keywords) {
        if (!sees(keywords)) {
            return false;
        }
        at += keywords.length;
        return true;
    }

    void expect(String... keywords) {
        for (String keyword : keywords) {
            if (!accept(keyword)) {
                throw peek().unexpected("keyword " + keyword);
            }
        }
    }

    boolean seesSymbol(String symbol) {
        return peek().isSymbol(symbol);
    }

    boolean acceptSymbol(String symbol) {
        if (!seesSymbol(symbol)) {
            return false;
        }
        at++;
        return true;
    }

    void expectSymbol(String symbol) {
        if (!acceptSymbol(symbol)) {
            throw peek().unexpected("\"" + symbol + "\"");
        }
    }

    /** Whether a name comes next, not a reserved word. */
    boolean seesName() {
        SqlToken token = peek();
        return token.kind() == SqlToken.Kind.QUOTED
                || (token.kind() == SqlToken.Kind.NAME
                        && !RESERVED.contains(token.text().toUpperCase(Locale.ROOT)));
    }

    String name() {
        if (!seesName()) {
            throw peek().unexpected("identifier");
        }
        return next().text();
    }

    /** The parts of a name with points; one pair of backticks may hold them all. */
    SqlPath path() {
        SqlToken start = peek();
        List<String> parts = new ArrayList<>(List.of(name()));
        while (acceptSymbol(".")) {
            // After a point every word is a name.
            if (peek().kind() != SqlToken.Kind.NAME && peek().kind() != SqlToken.Kind.QUOTED) {
                throw peek().unexpected("identifier");
            }
            parts.add(next().text());
        }
        List<String> split = new ArrayList<>();
        parts.forEach(part -> split.addAll(List.of(part.split("\\."))));
        return new SqlPath(List.copyOf(split), start);
    }

    String text() {
        if (peek().kind() != SqlToken.Kind.STRING) {
            throw peek().unexpected("string literal");
        }
        return next().text();
    }

    /** The digits of a whole number. */
    String wholeNumber() {
        SqlToken token = peek();
        if (token.kind() != SqlToken.Kind.NUMBER || !token.text().chars().allMatch(Character::isDigit)) {
            throw token.unexpected("integer literal");
        }
        return next().text();
    }

    /** A type as CAST and DECLARE write it. */
    ColumnType type() {
        SqlToken start = peek();
        String name = name();
        int precision = 0;
        int scale = 0;
        if (acceptSymbol("(")) {
            precision = Integer.parseInt(wholeNumber());
            if (acceptSymbol(",")) {
                scale = Integer.parseInt(wholeNumber());
            }
            expectSymbol(")");
        }
        try {
            return ColumnType.named(name, precision, scale);
        } catch (BigQueryError e) {
            throw BigQueryError.invalidQuery(e.text() + start.at());
        }
    }
}
