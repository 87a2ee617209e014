package dev.candlewick.sink.gcp.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * A word of a statement in GoogleSQL.
 *
 * @param kind what it is
 * @param text what it says: a name without its backticks, a text literal's value, a parameter without its {@code @}
 * @param line counted from 1
 * @param column counted from 1
 */
record SqlToken(Kind kind, String text, int line, int column) {
    /** What a word may be. */
    enum Kind {
        NAME,
        QUOTED,
        STRING,
        NUMBER,
        PARAMETER,
        SYSTEM,
        SYMBOL,
        END
    }

    /** Whether it is this keyword, written without backticks. */
    boolean is(String keyword) {
        return kind == Kind.NAME && text.equalsIgnoreCase(keyword);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    String at() {
        return " at [" + line + ":" + column + "]";
    }

    BigQueryError unexpected(String wanted) {
        String shown = switch (kind) {
            case END -> "end of script";
            case NAME -> "identifier \"" + text + "\"";
            case STRING -> "string literal";
            case NUMBER -> "number \"" + text + "\"";
            case PARAMETER -> "\"@" + text + "\"";
            case SYSTEM -> "\"@@" + text + "\"";
            default -> "\"" + text + "\"";
        };
        return BigQueryError.invalidQuery("Syntax error: Expected " + wanted + " but got " + shown + at());
    }

    /** The words of a text. Whatever is no word of the language is refused with its place. */
    static List<SqlToken> split(String sql) {
        List<SqlToken> tokens = new ArrayList<>();
        int line = 1;
        int lineStart = 0;
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == '\n') {
                line++;
                lineStart = ++at;
                continue;
            }
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            if (c == '#' || sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
                continue;
            }
            if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                if (end < 0) {
                    throw BigQueryError.invalidQuery("Syntax error: Unclosed comment at [" + line + ":1]");
                }
                for (; at < end + 2; at++) {
                    if (sql.charAt(at) == '\n') {
                        line++;
                        lineStart = at + 1;
                    }
                }
                continue;
            }
            int column = at - lineStart + 1;
            int end;
            if (Character.isLetter(c) || c == '_') {
                end = word(sql, at);
                tokens.add(new SqlToken(Kind.NAME, sql.substring(at, end), line, column));
            } else if (Character.isDigit(c)
                    || (c == '.' && at + 1 < sql.length() && Character.isDigit(sql.charAt(at + 1)))) {
                end = number(sql, at);
                tokens.add(new SqlToken(Kind.NUMBER, sql.substring(at, end), line, column));
            } else if (c == '`') {
                end = sql.indexOf('`', at + 1) + 1;
                if (end == 0) {
                    throw BigQueryError.invalidQuery(
                            "Syntax error: Unclosed identifier literal at [" + line + ":" + column + "]");
                }
                tokens.add(new SqlToken(Kind.QUOTED, sql.substring(at + 1, end - 1), line, column));
            } else if (c == '\'' || c == '"') {
                StringBuilder value = new StringBuilder();
                end = string(sql, at, value, line, column);
                tokens.add(new SqlToken(Kind.STRING, value.toString(), line, column));
            } else if (c == '@') {
                boolean system = sql.startsWith("@@", at);
                int start = at + (system ? 2 : 1);
                end = word(sql, start);
                while (system && end < sql.length() && sql.charAt(end) == '.') {
                    end = word(sql, end + 1);
                }
                tokens.add(
                        new SqlToken(system ? Kind.SYSTEM : Kind.PARAMETER, sql.substring(start, end), line, column));
            } else {
                String symbol = symbol(sql, at);
                if (symbol.isEmpty()) {
                    throw BigQueryError.invalidQuery(
                            "Syntax error: Illegal input character \"" + c + "\" at [" + line + ":" + column + "]");
                }
                end = at + symbol.length();
                tokens.add(new SqlToken(Kind.SYMBOL, symbol, line, column));
            }
            at = end;
        }
        tokens.add(new SqlToken(Kind.END, "", line, at - lineStart + 1));
        return tokens;
    }

    private static int word(String sql, int from) {
        int end = from;
        while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private static int number(String sql, int from) {
        int end = from;
        while (end < sql.length()) {
            char c = sql.charAt(end);
            boolean sign =
                    (c == '+' || c == '-') && (sql.charAt(end - 1) == 'e' || sql.charAt(end - 1) == 'E') && end > from;
            if (!Character.isDigit(c) && c != '.' && c != 'e' && c != 'E' && !sign) {
                break;
            }
            end++;
        }
        return end;
    }

    private static int string(String sql, int from, StringBuilder value, int line, int column) {
        char quote = sql.charAt(from);
        if (sql.startsWith(String.valueOf(quote).repeat(3), from)) {
            throw BigQueryError.notOffered("A triple-quoted string");
        }
        int at = from + 1;
        while (at < sql.length() && sql.charAt(at) != '\n') {
            char c = sql.charAt(at++);
            if (c == quote) {
                return at;
            }
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escape = at < sql.length() ? sql.charAt(at++) : ' ';
            switch (escape) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case '\\', '\'', '"', '`', '?' -> value.append(escape);
                case 'u', 'x' -> {
                    int digits = escape == 'u' ? 4 : 2;
                    try {
                        value.append((char) Integer.parseInt(sql.substring(at, at + digits), 16));
                    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
                        throw BigQueryError.invalidQuery(
                                "Syntax error: Illegal escape sequence at [" + line + ":" + column + "]");
                    }
                    at += digits;
                }
                default ->
                    throw BigQueryError.invalidQuery(
                            "Syntax error: Illegal escape sequence: \\" + escape + " at [" + line + ":" + column + "]");
            }
        }
        throw BigQueryError.invalidQuery("Syntax error: Unclosed string literal at [" + line + ":" + column + "]");
    }

    private static String symbol(String sql, int at) {
        for (String symbol : List.of("<=", ">=", "!=", "<>", "||", "=>")) {
            if (sql.startsWith(symbol, at)) {
                return symbol;
            }
        }
        char c = sql.charAt(at);
        return "()[],.;*+-/=<>:".indexOf(c) >= 0 ? String.valueOf(c) : "";
    }
}
