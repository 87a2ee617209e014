package dev.candlewick.examples;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Variables that pipelines of this kind know and that nothing is made of here: whoever sets one is told so. */
final class UnusedVariables {

    private static final Map<String, String> WHY = Map.of(
            "BATCH_SIZE", "rows go through in batches of bounded size",
            "ENABLE_CACHING", "files and catalogue are always kept; CACHE_TTL says for how long the latter",
            "INSTRUMENTS_PER_SHARD", "instruments are shared out evenly",
            "LOG_DESTINATION", "standard error is all there is; collect it where the job runs",
            "MEMORY_EFFICIENT", "memory is bounded always",
            "USE_SECRET_MANAGER", "hand the secret over in TARDIS_API_KEY");

    private static final Set<String> ON = Set.of("true", "yes", "on", "1");
    private static final Set<String> OFF = Set.of("false", "no", "off", "0");

    /** Values that ask for what is done anyhow. */
    private static final Map<String, Set<String>> MEANT_ANYHOW = Map.of(
            "ENABLE_CACHING", ON,
            "LOG_DESTINATION", Set.of("local"),
            "MEMORY_EFFICIENT", ON,
            "USE_SECRET_MANAGER", OFF);

    private UnusedVariables() {}

    /** What to tell of those that are set; empty when there are none. */
    static String note(LayeredSettings settings) {
        Map<String, String> set = new TreeMap<>();
        WHY.forEach((name, why) -> settings.variable(name)
                .filter(value -> !MEANT_ANYHOW.getOrDefault(name, Set.of()).contains(value.toLowerCase(Locale.ROOT)))
                .ifPresent(value -> set.put(name, why)));
        return set.isEmpty()
                ? ""
                : "Not used: "
                        + set.entrySet().stream()
                                .map(each -> each.getKey() + " (" + each.getValue() + ")")
                                .collect(Collectors.joining(", "));
    }
}
