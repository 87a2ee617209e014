package dev.candlewick.examples;

import dev.candlewick.BackfillListener;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Progress;
import dev.candlewick.WriteResult;
import dev.candlewick.instrument.Shard;
import dev.candlewick.tick.TickState;
import dev.candlewick.tick.TickStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run of {@code candlewick ticks} did, counted by data set and outcome, in the text form that Prometheus and what
 * speaks like it read. Safe for many threads.
 */
final class RunMetrics implements BackfillListener {

    private static final String PREFIX = "candlewick_ticks_";
    private static final Map<String, String> HELP = help();

    private final Map<String, String> labels = new LinkedHashMap<>();
    private final String common;
    private final Map<String, Map<String, Long>> samples = new TreeMap<>();

    RunMetrics(TicksMode mode, Shard shard) {
        labels.put("mode", mode.word());
        if (shard.total() > 1) {
            labels.put("shard", shard.index() + " of " + shard.total());
        }
        this.common = labels.entrySet().stream()
                .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
                .collect(Collectors.joining(","));
    }

    private static Map<String, String> help() {
        Map<String, String> help = new LinkedHashMap<>();
        help.put("units", "Calendar units of series that the run worked on.");
        help.put("rows", "Rows that the run committed.");
        help.put("instrument_days", "Days of instruments' data by what is known of them.");
        help.put(
                "exit_status",
                "How the run ended: 0 all is there, 1 some failed, 2 wrong settings, 3 something is open.");
        help.put("duration_seconds", "How long the run took.");
        help.put("finished_timestamp_seconds", "When the run ended.");
        return help;
    }

    @Override
    public synchronized void committed(PlannedUnit unit, WriteResult result, Progress progress) {
        boolean unchanged = result.unchanged() == result.entries().size();
        add("units", dataset(unit) + ",outcome=\"" + (unchanged ? "unchanged" : "committed") + "\"", 1);
        add("rows", dataset(unit), unchanged ? 0 : result.rows());
    }

    @Override
    public synchronized void failed(PlannedUnit unit, RuntimeException cause, Progress progress) {
        add("units", dataset(unit) + ",outcome=\"failed\"", 1);
    }

    /** What all counts of this run are told apart by from those of others. */
    Map<String, String> labels() {
        return Collections.unmodifiableMap(labels);
    }

    /** What is known now of the days that were asked for, in place of what was known before. */
    synchronized void known(Collection<TickStatus> statuses) {
        samples.remove("instrument_days");
        for (TickState state : TickState.values()) {
            long days =
                    statuses.stream().filter(status -> status.state() == state).count();
            add("instrument_days", "state=\"" + state + "\"", days);
        }
    }

    /** All of it, with how and when the run ended. */
    synchronized String text(ExitCode code, Duration took, Instant ended) {
        add("exit_status", "", code.status());
        add("duration_seconds", "", took.toSeconds());
        add("finished_timestamp_seconds", "", ended.getEpochSecond());
        StringBuilder text = new StringBuilder();
        HELP.forEach((name, help) -> {
            Map<String, Long> lines = samples.getOrDefault(name, Map.of());
            if (!lines.isEmpty()) {
                text.append("# HELP ")
                        .append(PREFIX)
                        .append(name)
                        .append(' ')
                        .append(help)
                        .append('\n');
                text.append("# TYPE ").append(PREFIX).append(name).append(" gauge\n");
            }
            lines.forEach((labels, value) -> text.append(PREFIX)
                    .append(name)
                    .append('{')
                    .append(common)
                    .append(labels.isEmpty() ? "" : ",")
                    .append(labels)
                    .append("} ")
                    .append(value)
                    .append('\n'));
        });
        return text.toString();
    }

    private static String dataset(PlannedUnit unit) {
        String name = unit.series().dataset().name();
        return "dataset=\"" + name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private void add(String name, String labels, long more) {
        samples.computeIfAbsent(name, none -> new TreeMap<>()).merge(labels, more, Long::sum);
    }
}
