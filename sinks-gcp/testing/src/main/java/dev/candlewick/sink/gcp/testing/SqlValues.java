package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Values that a request or a statement writes down, as DuckDB's literals. */
final class SqlValues {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("uuuu-M-d")
            .optionalStart()
            .appendPattern("[ ]['T']H:mm[:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .appendPattern("]")
            .optionalEnd()
            .optionalStart()
            .appendLiteral(' ')
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:mm", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH", "Z")
            .optionalEnd()
            .optionalStart()
            .appendLiteral("UTC")
            .optionalEnd()
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
            .toFormatter(Locale.ROOT);

    private SqlValues() {}

    /** Microseconds since 1970 of a timestamp's text, UTC unless it says otherwise. */
    static long micros(String text) {
        try {
            OffsetDateTime time = OffsetDateTime.from(TIMESTAMP.parse(text.strip()));
            return ChronoUnit.MICROS.between(
                    LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC).atOffset(ZoneOffset.UTC), time);
        } catch (DateTimeException e) {
            throw BigQueryError.invalidQuery("Invalid TIMESTAMP literal or value: " + text);
        }
    }

    static String number(String written) {
        if (written.chars().allMatch(Character::isDigit)) {
            return "CAST(" + written + " AS BIGINT)";
        }
        try {
            return "CAST('" + Double.parseDouble(written) + "' AS DOUBLE)";
        } catch (NumberFormatException e) {
            throw BigQueryError.invalidQuery("Syntax error: Invalid floating point literal: " + written);
        }
    }

    /** A decimal with the digits that it has; NUMERIC rounds to its nine. */
    static String decimal(String type, String text) {
        BigDecimal value;
        try {
            value = new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            throw BigQueryError.invalidQuery("Invalid " + type + " literal: " + text);
        }
        if (type.equals("NUMERIC")) {
            if (value.scale() > 9) {
                value = value.setScale(9, RoundingMode.HALF_UP);
            }
            if (value.precision() - value.scale() > 29) {
                throw BigQueryError.invalidQuery("Invalid NUMERIC value: " + text);
            }
            return "CAST('" + value.toPlainString() + "' AS DECIMAL(38,9))";
        }
        if (value.scale() < 0) {
            value = value.setScale(0);
        }
        int precision = Math.max(value.precision(), value.scale());
        if (value.scale() > 38) {
            throw BigQueryError.invalidQuery("Invalid BIGNUMERIC value: " + text);
        }
        if (precision > 38) {
            throw BigQueryError.notOffered("A BIGNUMERIC of more than 38 digits");
        }
        return "CAST('" + value.toPlainString() + "' AS DECIMAL(" + Math.max(1, precision) + "," + value.scale() + "))";
    }

    /** A value of a type from its text, or NULL. */
    static String typed(ColumnType type, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "CAST(NULL AS " + type.duck() + ")";
        }
        String text = value.asText();
        return switch (type.name()) {
            case "STRING" -> SqlText.text(text);
            case "INTEGER" -> "CAST(" + Long.parseLong(text) + " AS BIGINT)";
            case "FLOAT" -> "CAST('" + Double.valueOf(text) + "' AS DOUBLE)";
            case "BOOLEAN" -> Boolean.parseBoolean(text) ? "TRUE" : "FALSE";
            case "TIMESTAMP" -> SqlText.timestamp(micros(text));
            case "DATE" -> "CAST('" + LocalDate.parse(text) + "' AS DATE)";
            default -> decimal(type.name(), text);
        };
    }

    /** The named parameters of a query, by lower-case name, and whether they are arrays is in their text. */
    static Map<String, String> parameters(JsonNode queryParameters, String mode) {
        Map<String, String> parameters = new HashMap<>();
        for (JsonNode parameter : queryParameters) {
            String name = parameter.path("name").asText("");
            if (name.isEmpty() || mode.equalsIgnoreCase("POSITIONAL")) {
                throw BigQueryError.notOffered("A positional parameter");
            }
            JsonNode type = parameter.path("parameterType");
            JsonNode value = parameter.path("parameterValue");
            try {
                parameters.put(name.toLowerCase(Locale.ROOT), parameter(type, value));
            } catch (IllegalArgumentException | DateTimeException e) {
                throw BigQueryError.invalid("Invalid value for parameter " + name + " of type "
                        + type.path("type").asText());
            }
        }
        return parameters;
    }

    private static String parameter(JsonNode type, JsonNode value) {
        String name = type.path("type").asText();
        if (name.equals("ARRAY")) {
            ColumnType element =
                    parameterType(type.path("arrayType").path("type").asText());
            List<String> elements = new ArrayList<>();
            for (JsonNode each : value.path("arrayValues")) {
                elements.add(typed(element, each.path("value")));
            }
            String widest = element.isDecimal() && element.name().equals("BIGNUMERIC")
                    ? widest(value.path("arrayValues"))
                    : element.duck();
            return "CAST([" + String.join(", ", elements) + "] AS " + widest + "[])";
        }
        return typed(parameterType(name), value.path("value"));
    }

    private static ColumnType parameterType(String name) {
        return name.equals("BIGNUMERIC")
                ? new ColumnType(name, 38, 9, ColumnType.Declared.NO)
                : ColumnType.named(name, 0, 0);
    }

    private static String widest(JsonNode values) {
        List<BigDecimal> decimals = new ArrayList<>();
        for (JsonNode each : values) {
            if (!each.path("value").isNull()) {
                decimals.add(new BigDecimal(each.path("value").asText()));
            }
        }
        int scale = decimals.stream()
                .map(BigDecimal::scale)
                .max(Comparator.naturalOrder())
                .orElse(0);
        return "DECIMAL(38," + Math.max(0, Math.min(38, scale)) + ")";
    }
}
