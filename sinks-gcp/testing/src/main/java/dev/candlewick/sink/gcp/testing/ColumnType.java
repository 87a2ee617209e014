package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * A type of BigQuery that this double stores, with the type of DuckDB that holds its values exactly.
 *
 * @param name what the service calls it in a table's schema: {@code STRING}, {@code INTEGER}, {@code FLOAT}, …
 * @param precision digits in all, of decimals; otherwise 0
 * @param scale digits after the point, of decimals; otherwise 0
 * @param declared whether precision and scale were written down, and so are shown again
 */
record ColumnType(String name, int precision, int scale, Declared declared) {
    /** Whether a decimal's digits were declared. */
    enum Declared {
        YES,
        NO
    }

    static final ColumnType STRING = plain("STRING");
    static final ColumnType INTEGER = plain("INTEGER");
    static final ColumnType FLOAT = plain("FLOAT");
    static final ColumnType BOOLEAN = plain("BOOLEAN");
    static final ColumnType TIMESTAMP = plain("TIMESTAMP");
    static final ColumnType DATE = plain("DATE");
    static final ColumnType NUMERIC = new ColumnType("NUMERIC", 38, 9, Declared.NO);

    private static ColumnType plain(String name) {
        return new ColumnType(name, 0, 0, Declared.NO);
    }

    /** The type of a field of a table's schema as the REST API describes it. */
    static ColumnType ofField(JsonNode field) {
        return named(
                field.path("type").asText(),
                field.path("precision").asInt(0),
                field.path("scale").asInt(0));
    }

    /** The type of this name; a precision of 0 says that none was written. */
    static ColumnType named(String name, int precision, int scale) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "STRING" -> STRING;
            case "INTEGER", "INT64", "INT", "BIGINT" -> INTEGER;
            case "FLOAT", "FLOAT64" -> FLOAT;
            case "BOOLEAN", "BOOL" -> BOOLEAN;
            case "TIMESTAMP" -> TIMESTAMP;
            case "DATE" -> DATE;
            case "NUMERIC", "DECIMAL" -> decimal("NUMERIC", precision, scale, 29, 9);
            case "BIGNUMERIC", "BIGDECIMAL" -> decimal("BIGNUMERIC", precision, scale, 38, 38);
            default -> throw BigQueryError.notOffered("The type " + name);
        };
    }

    private static ColumnType decimal(String name, int precision, int scale, int whole, int mostScale) {
        if (precision == 0) {
            if (name.equals("NUMERIC")) {
                return NUMERIC;
            }
            throw BigQueryError.notOffered("BIGNUMERIC without a precision (it has 76 digits, DuckDB has 38)");
        }
        if (scale < 0 || scale > mostScale) {
            throw BigQueryError.invalid("In " + name + "(P, S), S must be between 0 and " + mostScale);
        }
        if (precision < Math.max(1, scale) || precision > scale + whole) {
            throw BigQueryError.invalid("In " + name + "(" + precision + ", " + scale + "), P must be between "
                    + Math.max(1, scale) + " and " + (scale + whole));
        }
        if (precision > 38) {
            throw BigQueryError.notOffered(name + "(" + precision + ", " + scale + ") (DuckDB has 38 digits)");
        }
        return new ColumnType(name, precision, scale, Declared.YES);
    }

    /** The type in which a result of DuckDB's type is answered. */
    static ColumnType ofDuck(String duck) {
        String type = duck.toUpperCase(Locale.ROOT);
        if (type.startsWith("DECIMAL(")) {
            int comma = type.indexOf(',');
            int precision = Integer.parseInt(type.substring(8, comma).trim());
            int scale = Integer.parseInt(
                    type.substring(comma + 1, type.length() - 1).trim());
            boolean fits = scale <= 9 && precision - scale <= 29;
            return fits ? NUMERIC : new ColumnType("BIGNUMERIC", precision, scale, Declared.NO);
        }
        return switch (type) {
            case "VARCHAR", "ENUM" -> STRING;
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "HUGEINT" -> INTEGER;
            case "FLOAT", "DOUBLE" -> FLOAT;
            case "BOOLEAN" -> BOOLEAN;
            case "TIMESTAMP" -> TIMESTAMP;
            case "DATE" -> DATE;
            // A column of nothing but NULL is INT64 to BigQuery.
            case "\"NULL\"", "NULL" -> INTEGER;
            default -> throw BigQueryError.notOffered("A result of the type " + duck);
        };
    }

    /** DuckDB's type that holds every value of this one. */
    String duck() {
        return switch (name) {
            case "STRING" -> "VARCHAR";
            case "INTEGER" -> "BIGINT";
            case "FLOAT" -> "DOUBLE";
            case "NUMERIC", "BIGNUMERIC" -> "DECIMAL(" + precision + "," + scale + ")";
            default -> name;
        };
    }

    boolean isDecimal() {
        return name.equals("NUMERIC") || name.equals("BIGNUMERIC");
    }

    /** DuckDB's expression for the bytes that the values of a column count in a query's bill. */
    String bytesOf(String column) {
        return switch (name) {
            case "STRING" -> "(2 * count(" + column + ") + coalesce(sum(strlen(" + column + ")), 0))";
            case "BOOLEAN" -> "count(" + column + ")";
            case "NUMERIC" -> "(16 * count(" + column + "))";
            case "BIGNUMERIC" -> "(32 * count(" + column + "))";
            default -> "(8 * count(" + column + "))";
        };
    }

    /** How GoogleSQL writes it. */
    String sql() {
        return switch (name) {
            case "INTEGER" -> "INT64";
            case "FLOAT" -> "FLOAT64";
            case "BOOLEAN" -> "BOOL";
            default -> declared == Declared.YES ? name + "(" + precision + ", " + scale + ")" : name;
        };
    }
}
