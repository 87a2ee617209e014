package dev.candlewick.source.binance.simulator;

import java.util.Locale;

/** Just enough JSON writing for the venue's answers. Not thread-safe. */
final class Json {
    private final StringBuilder text = new StringBuilder();

    /** Opens an object with a brace or an array with a bracket. */
    Json open(char bracket) {
        separate();
        text.append(bracket);
        return this;
    }

    Json close(char bracket) {
        text.append(bracket);
        return this;
    }

    Json key(String name) {
        separate();
        quoted(name);
        text.append(':');
        return this;
    }

    /** Writes text quoted, numbers and booleans bare. */
    Json value(Object value) {
        separate();
        if (value instanceof String string) {
            quoted(string);
        } else {
            text.append(value);
        }
        return this;
    }

    Json field(String name, Object value) {
        return key(name).value(value);
    }

    /** A whole object from alternating names and values. */
    Json object(Object... namesAndValues) {
        open('{');
        for (int i = 0; i < namesAndValues.length; i += 2) {
            field((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return close('}');
    }

    /** A whole array. */
    Json array(Object... values) {
        open('[');
        for (Object value : values) {
            value(value);
        }
        return close(']');
    }

    private void separate() {
        if (!text.isEmpty() && "[{:,".indexOf(text.charAt(text.length() - 1)) < 0) {
            text.append(',');
        }
    }

    private void quoted(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char each = string.charAt(i);
            if (each == '"' || each == '\\') {
                text.append('\\').append(each);
            } else if (each < ' ') {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
            } else {
                text.append(each);
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
