package dev.candlewick.sink.gcp.testing;

import dev.candlewick.sink.gcp.testing.SqlExpression.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The functions that mean the same in DuckDB, given with DuckDB's text of them. A function that is not here is refused;
 * one whose meaning differs in a corner is written out so that the corner is BigQuery's.
 */
final class SqlFunctions {
    /** Aggregates and window functions with DuckDB's name; {@code $} stands for the arguments. */
    private static final Map<String, String> OVER_ROWS = Map.ofEntries(
            Map.entry("COUNT", "count($)"),
            Map.entry("COUNTIF", "CAST(count_if($) AS BIGINT)"),
            Map.entry("SUM", "sum($)"),
            Map.entry("MIN", "min($)"),
            Map.entry("MAX", "max($)"),
            Map.entry("ANY_VALUE", "any_value($)"),
            Map.entry("LOGICAL_AND", "bool_and($)"),
            Map.entry("LOGICAL_OR", "bool_or($)"),
            Map.entry("STRING_AGG", "string_agg($)"),
            Map.entry("MAX_BY", "arg_max($)"),
            Map.entry("MIN_BY", "arg_min($)"),
            Map.entry("ROW_NUMBER", "row_number($)"),
            Map.entry("RANK", "rank($)"),
            Map.entry("DENSE_RANK", "dense_rank($)"),
            Map.entry("LAG", "lag($)"),
            Map.entry("LEAD", "lead($)"),
            Map.entry("FIRST_VALUE", "first_value($)"),
            Map.entry("LAST_VALUE", "last_value($)"));

    private static final Set<String> UNITS =
            Set.of("MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR");

    private SqlFunctions() {}

    static boolean isUnit(SqlToken token) {
        return token.kind() == SqlToken.Kind.NAME && UNITS.contains(token.text().toUpperCase(Locale.ROOT));
    }

    /** DuckDB's text of an aggregate or window function, with {@code $} for its arguments. */
    static Optional<String> overRows(String name) {
        return Optional.ofNullable(OVER_ROWS.get(name));
    }

    /** A function of the values of one row. */
    static SqlExpression scalar(String name, List<SqlExpression> arguments, SqlToken at) {
        String form = form(name, arguments.size());
        if (form.isEmpty()) {
            throw BigQueryError.invalidQuery("Function not found: " + at.text() + at.at()
                    + " (or not offered by the local BigQuery with " + arguments.size() + " arguments)");
        }
        Operation.PerRow perRow =
                name.equals("GENERATE_UUID") ? Operation.PerRow.OTHERWISE : Operation.PerRow.BY_ARGUMENTS;
        return new Operation(name, arguments, (texts, scope) -> filled(form, texts, scope), perRow);
    }

    private static String filled(String form, List<String> arguments, SqlScope scope) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            if (c != '$') {
                text.append(c);
                continue;
            }
            char which = form.charAt(++i);
            switch (which) {
                case '*' -> text.append(String.join(", ", arguments));
                case '|' -> text.append(String.join(" || ", arguments));
                case '?' -> text.append(String.join(" IS NULL OR ", arguments)).append(" IS NULL");
                case 'N' -> text.append(SqlText.timestamp(scope.context().nowMicros()));
                default -> text.append(arguments.get(which - '1'));
            }
        }
        return text.toString();
    }

    private static String form(String name, int arguments) {
        return switch (name + "/" + arguments) {
            case "CURRENT_TIMESTAMP/0" -> "$N";
            case "CURRENT_DATE/0" -> "CAST($N AS DATE)";
            case "GENERATE_UUID/0" -> "CAST(uuid() AS VARCHAR)";
            case "ABS/1" -> "abs($1)";
            case "SIGN/1" -> "sign($1)";
            case "LOWER/1" -> "lower($1)";
            case "UPPER/1" -> "upper($1)";
            case "TRIM/1" -> "trim($1)";
            case "LENGTH/1", "CHAR_LENGTH/1", "CHARACTER_LENGTH/1" -> "length($1)";
            case "BYTE_LENGTH/1" -> "strlen($1)";
            case "ARRAY_LENGTH/1" -> "len($1)";
            case "IS_NAN/1" -> "isnan($1)";
            case "IS_INF/1" -> "isinf($1)";
            case "ERROR/1" -> "error($1)";
            case "DATE/1" -> "CAST($1 AS DATE)";
            case "TIMESTAMP/1" -> "CAST($1 AS TIMESTAMP)";
            case "TIMESTAMP_MICROS/1" -> "make_timestamp($1)";
            case "TIMESTAMP_MILLIS/1" -> "make_timestamp($1 * 1000)";
            case "TIMESTAMP_SECONDS/1" -> "make_timestamp($1 * 1000000)";
            case "UNIX_MICROS/1" -> "epoch_us($1)";
            case "UNIX_MILLIS/1" -> "CAST(floor(epoch_us($1) / 1000) AS BIGINT)";
            case "UNIX_SECONDS/1" -> "CAST(floor(epoch_us($1) / 1000000) AS BIGINT)";
            case "IFNULL/2" -> "coalesce($1, $2)";
            case "NULLIF/2" -> "nullif($1, $2)";
            case "MOD/2" -> "($1 % $2)";
            case "DIV/2" -> "($1 // $2)";
            case "STARTS_WITH/2" -> "starts_with($1, $2)";
            case "ENDS_WITH/2" -> "ends_with($1, $2)";
            case "STRPOS/2" -> "strpos($1, $2)";
            case "SUBSTR/2" -> "substr($1, $2)";
            case "SUBSTR/3" -> "substr($1, $2, $3)";
            case "REPLACE/3" -> "replace($1, $2, $3)";
            case "IF/3" -> "CASE WHEN $1 THEN $2 ELSE $3 END";
            default -> many(name, arguments);
        };
    }

    private static String many(String name, int arguments) {
        if (arguments == 0) {
            return "";
        }
        return switch (name) {
            case "COALESCE" -> "coalesce($*)";
            case "CONCAT" -> "($|)";
            // DuckDB leaves NULL out of the comparison, BigQuery does not.
            case "GREATEST" -> "CASE WHEN $? THEN NULL ELSE greatest($*) END";
            case "LEAST" -> "CASE WHEN $? THEN NULL ELSE least($*) END";
            default -> "";
        };
    }
}
