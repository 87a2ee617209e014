package dev.candlewick.sink.clickhouse;

/** Names and texts inside SQL. What comes from outside goes through here, always. */
final class Sql {

    private Sql() {}

    /** A text as a literal. */
    static String text(String value) {
        StringBuilder literal = new StringBuilder(value.length() + 2).append('\'');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '\\' -> literal.append("\\\\");
                case '\'' -> literal.append("\\'");
                case '\0' -> literal.append("\\0");
                default -> literal.append(character);
            }
        }
        return literal.append('\'').toString();
    }

    /** A name of a database, table or column. */
    static String name(String value) {
        return "`" + value.replace("\\", "\\\\").replace("`", "\\`") + "`";
    }

    /** An instant as a literal of the type of time columns. */
    static String time(long epochMicros) {
        return "fromUnixTimestamp64Micro(toInt64(" + epochMicros + "), 'UTC')";
    }
}
