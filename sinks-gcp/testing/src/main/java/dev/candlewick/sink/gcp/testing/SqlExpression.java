package dev.candlewick.sink.gcp.testing;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** An expression of GoogleSQL that can say itself in DuckDB's SQL. */
sealed interface SqlExpression {
    /** DuckDB's text of it. */
    String render(SqlScope scope);

    /** Whether its value is the same for every row, so that a filter with it leaves partitions out. */
    boolean constant(SqlScope scope);

    /**
     * A value that is written down.
     *
     * @param duck DuckDB's text of it
     * @param bare what was written, for ORDER BY 1
     */
    record Literal(String duck, String bare) implements SqlExpression {
        @Override
        public String render(SqlScope scope) {
            return duck;
        }

        @Override
        public boolean constant(SqlScope scope) {
            return true;
        }
    }

    /**
     * A column, a variable or a name of the select list.
     *
     * @param path its parts
     * @param at where it stands
     */
    record Name(List<String> path, SqlToken at) implements SqlExpression {
        @Override
        public String render(SqlScope scope) {
            return scope.resolve(path, at);
        }

        @Override
        public boolean constant(SqlScope scope) {
            return scope.find(path, at).isEmpty();
        }
    }

    /**
     * Anything put together from other expressions, with DuckDB's text for it.
     *
     * @param kind the operator in GoogleSQL, or the name of the function
     * @param arguments what it is put together from
     * @param form makes DuckDB's text from the arguments' texts
     * @param perRow whether the arguments decide its value, and nothing else does
     */
    record Operation(String kind, List<SqlExpression> arguments, Form form, PerRow perRow) implements SqlExpression {
        /** DuckDB's text from the texts of the arguments. */
        interface Form {
            String text(List<String> arguments, SqlScope scope);
        }

        /** Whether the arguments alone decide the value. */
        enum PerRow {
            BY_ARGUMENTS,
            OTHERWISE
        }

        static Operation of(String kind, List<SqlExpression> arguments, UnaryOperator<List<String>> pieces) {
            return new Operation(
                    kind, arguments, (texts, scope) -> String.join("", pieces.apply(texts)), PerRow.BY_ARGUMENTS);
        }

        static Operation binary(String kind, String duck, SqlExpression left, SqlExpression right) {
            return of(
                    kind,
                    List.of(left, right),
                    texts -> List.of("(", texts.get(0), " " + duck + " ", texts.get(1), ")"));
        }

        @Override
        public String render(SqlScope scope) {
            return form.text(
                    arguments.stream().map(argument -> argument.render(scope)).collect(Collectors.toList()), scope);
        }

        @Override
        public boolean constant(SqlScope scope) {
            return perRow == PerRow.BY_ARGUMENTS && arguments.stream().allMatch(argument -> argument.constant(scope));
        }
    }

    /**
     * A query inside an expression.
     *
     * @param operand what IN compares, if it is IN
     * @param before DuckDB's text before the query's parenthesis
     * @param query the query
     */
    record Subquery(Optional<SqlExpression> operand, String before, SqlQuery query) implements SqlExpression {
        @Override
        public String render(SqlScope scope) {
            String left =
                    operand.map(expression -> expression.render(scope) + " ").orElse("");
            return "(" + left + before + "(" + query.render(scope).sql() + "))";
        }

        @Override
        public boolean constant(SqlScope scope) {
            return false;
        }
    }
}
