package dev.candlewick.sink.gcp.testing;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a row restriction that is understood: comparisons of a column with a literal, joined by {@code AND}. All
 * else is refused, so that no restriction gets another meaning here than in the service.
 */
final class Restriction {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<quoted>`[^`]+`)|(?<text>'(?:[^'\\\\]|\\\\.)*')|(?<number>-?[0-9]+(?:\\.[0-9]+)?)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<operator><=|>=|!=|=|<|>)|(?<bracket>[()]))");
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("[' ']['T']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendOffset("+HH:mm", "Z")
            .toFormatter(Locale.ROOT);

    private Restriction() {}

    /** One comparison; the literal is a String, Long (also microseconds) or BigDecimal. */
    record Condition(String column, String operator, Object literal) {

        /** Whether a column's value that compares so to the literal is left. */
        boolean accepts(int order) {
            return switch (operator) {
                case "=" -> order == 0;
                case "!=" -> order != 0;
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }
    }

    private record Token(String kind, String text) {}

    static List<Condition> parse(String restriction) {
        List<Token> tokens = tokens(restriction);
        List<Condition> conditions = new ArrayList<>();
        int at = 0;
        while (at < tokens.size()) {
            if (!conditions.isEmpty()) {
                if (!tokens.get(at).text.equalsIgnoreCase("AND")) {
                    throw notUnderstood(tokens.get(at).text, restriction);
                }
                at++;
            }
            if (at + 3 > tokens.size()) {
                throw notUnderstood("the end", restriction);
            }
            Token column = tokens.get(at);
            Token operator = tokens.get(at + 1);
            Token literal = tokens.get(at + 2);
            boolean timestamp = literal.text.equalsIgnoreCase("TIMESTAMP");
            if (timestamp && at + 3 < tokens.size()) {
                literal = tokens.get(at + 3);
            }
            if (!(column.kind.equals("word") || column.kind.equals("quoted"))
                    || !operator.kind.equals("operator")
                    || !(literal.kind.equals("text") || (literal.kind.equals("number") && !timestamp))) {
                throw notUnderstood(literal.text, restriction);
            }
            conditions.add(new Condition(column.text.replace("`", ""), operator.text, value(literal, timestamp)));
            at += timestamp ? 4 : 3;
        }
        return conditions;
    }

    private static Object value(Token literal, boolean timestamp) {
        if (literal.kind.equals("number")) {
            return literal.text.indexOf('.') < 0 ? (Object) Long.valueOf(literal.text) : new BigDecimal(literal.text);
        }
        String text = literal.text
                .substring(1, literal.text.length() - 1)
                .replaceAll("\\\\(['\\\\\"`?])", "$1");
        return timestamp ? (Object) micros(text) : text;
    }

    private static long micros(String text) {
        try {
            return ChronoUnit.MICROS.between(
                    Instant.EPOCH,
                    OffsetDateTime.parse(text, TIMESTAMP).withOffsetSameInstant(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException unreadable) {
            throw new IllegalArgumentException("Invalid TIMESTAMP literal '" + text + "'", unreadable);
        }
    }

    private static List<Token> tokens(String restriction) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(restriction);
        int at = 0;
        String rest = restriction.stripTrailing();
        while (at < rest.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw notUnderstood(rest.substring(at), restriction);
            }
            // Where all is joined by AND, brackets change nothing.
            for (String kind : List.of("quoted", "text", "number", "word", "operator")) {
                if (matcher.group(kind) != null) {
                    tokens.add(new Token(kind, matcher.group(kind)));
                }
            }
            at = matcher.end();
        }
        return tokens;
    }

    private static IllegalArgumentException notUnderstood(String token, String restriction) {
        return new IllegalArgumentException("This server does not understand '" + token + "' in row restriction: "
                + restriction);
    }
}
