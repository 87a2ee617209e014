package dev.candlewick.sink.gcp.testing;

/** Names and literals as DuckDB reads them. */
final class SqlText {
    private SqlText() {}

    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text literal; DuckDB's parser ends at a NUL, so that one is put together from pieces. */
    static String text(String value) {
        if (value.indexOf('\0') < 0) {
            return "CAST('" + value.replace("'", "''") + "' AS VARCHAR)";
        }
        StringBuilder pieces = new StringBuilder("(''");
        for (String piece : value.split("(?<=\0)|(?=\0)", -1)) {
            pieces.append(" || ").append(piece.equals("\0") ? "chr(0)" : "'" + piece.replace("'", "''") + "'");
        }
        return pieces.append(')').toString();
    }

    static String timestamp(long epochMicros) {
        return "make_timestamp(CAST(" + epochMicros + " AS BIGINT))";
    }
}
