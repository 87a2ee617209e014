package dev.candlewick.book;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the recorded JSON of tests: objects, arrays, numbers and text without escapes. */
public final class Json {

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** The object that the text holds. */
    public static Map<String, Object> object(String text) {
        return map(new Json(text).value());
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    static long number(Object value) {
        return ((BigDecimal) value).longValueExact();
    }

    private Object value() {
        skipBlanks();
        char first = text.charAt(at);
        if (first == '{') {
            at++;
            Map<String, Object> object = new LinkedHashMap<>();
            while (!skip('}')) {
                String name = string();
                skip(':');
                object.put(name, value());
                skip(',');
            }
            return object;
        } else if (first == '[') {
            at++;
            List<Object> array = new ArrayList<>();
            while (!skip(']')) {
                array.add(value());
                skip(',');
            }
            return array;
        } else if (first == '"') {
            return string();
        }
        int start = at;
        while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> "";
            default -> new BigDecimal(word);
        };
    }

    private String string() {
        skip('"');
        int end = text.indexOf('"', at);
        String string = text.substring(at, end);
        at = end + 1;
        return string;
    }

    private boolean skip(char wanted) {
        skipBlanks();
        if (text.charAt(at) != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void skipBlanks() {
        while (text.charAt(at) <= ' ') {
            at++;
        }
    }
}
