package dev.candlewick.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The headers of a response; names are compared without regard to case. Immutable. */
public final class HttpHeaders {

    private static final HttpHeaders EMPTY = new HttpHeaders(Map.of());

    private final Map<String, List<String>> valuesByName;

    private HttpHeaders(Map<String, List<String>> valuesByName) {
        this.valuesByName = valuesByName;
    }

    /** No headers at all. */
    public static HttpHeaders empty() {
        return EMPTY;
    }

    /** These headers, copied. */
    public static HttpHeaders of(Map<String, ? extends Collection<String>> valuesByName) {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        valuesByName.forEach((name, values) ->
                copy.computeIfAbsent(name, ignored -> new ArrayList<>()).addAll(values));
        copy.replaceAll((name, values) -> List.copyOf(values));
        return new HttpHeaders(copy);
    }

    /** The first value of a header. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** All values of a header in the order received; empty when it is absent. */
    public List<String> all(String name) {
        return valuesByName.getOrDefault(name, List.of());
    }

    /** The first value of a header as a whole number, when there is one and it is one. */
    public Optional<Long> number(String name) {
        return first(name)
                .map(String::strip)
                .filter(text -> text.length() <= 18 && !text.isEmpty())
                .filter(text -> text.chars().allMatch(digit -> digit >= '0' && digit <= '9'))
                .map(Long::valueOf);
    }

    /** The server's own time from {@code Date}, to the second (cut, not rounded); empty when absent or malformed. */
    public Optional<Instant> date() {
        return first("Date").flatMap(HttpHeaders::parseDate);
    }

    /** The media type without parameters, lower case, for example {@code application/json}. */
    public Optional<String> contentType() {
        return first("Content-Type").map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    static Optional<Instant> parseDate(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    /** The names of the headers; values may be private and are left out. */
    @Override
    public String toString() {
        return valuesByName.keySet().toString();
    }
}
