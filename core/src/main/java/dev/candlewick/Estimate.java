package dev.candlewick;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a read would ask for, worked out beforehand.
 *
 * @param requests how many requests, by route ({@code archive-monthly}, {@code rest} …), sorted by route
 * @param weight the sum of the venue's request weights
 * @param rows how many rows a gapless answer has
 * @param bytes how many bytes the answers have, if that can be told beforehand
 * @param lane the request budget that is drawn on; units of one lane share it. Empty when there is none
 */
public record Estimate(Map<String, Long> requests, long weight, long rows, OptionalLong bytes, String lane) {

    private static final Estimate UNKNOWN = new Estimate(Map.of(), 0, 0, OptionalLong.empty(), "");

    /** Copies the map. */
    public Estimate {
        requests = java.util.Collections.unmodifiableMap(new TreeMap<>(requests));
    }

    /** Nothing can be said. */
    public static Estimate unknown() {
        return UNKNOWN;
    }

    /** Both together; bytes are known only when both know them. */
    public Estimate plus(Estimate other) {
        Map<String, Long> all = new TreeMap<>(requests);
        other.requests.forEach((route, count) -> all.merge(route, count, Long::sum));
        OptionalLong total = this.equals(UNKNOWN)
                ? other.bytes
                : other.equals(UNKNOWN)
                        ? bytes
                        : bytes.isPresent() && other.bytes.isPresent()
                                ? OptionalLong.of(bytes.getAsLong() + other.bytes.getAsLong())
                                : OptionalLong.empty();
        return new Estimate(all, weight + other.weight, rows + other.rows, total, lane.isEmpty() ? other.lane : lane);
    }

    /** All requests together. */
    public long requestCount() {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@code 3 archive-monthly, 2 rest requests, weight 4, 129,600 rows}. */
    @Override
    public String toString() {
        if (equals(UNKNOWN)) {
            return "unknown";
        }
        String routes = requests.entrySet().stream()
                .map(route -> Words.grouped(route.getValue()) + " " + route.getKey())
                .collect(Collectors.joining(", "));
        return (routes.isEmpty() ? "no" : routes) + " requests, weight " + Words.grouped(weight) + ", "
                + Words.count(rows, "row") + (bytes.isPresent() ? ", " + Words.bytes(bytes.getAsLong()) : "")
                + (lane.isEmpty() ? "" : ", of " + lane);
    }
}
