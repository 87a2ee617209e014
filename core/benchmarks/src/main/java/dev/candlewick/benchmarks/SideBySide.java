package dev.candlewick.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs contenders in turn, round after round, so that a machine that drifts drifts for all; prints the median of each and
 * the ratio of every one to the first. All contenders must give the same answer, or the comparison ends.
 */
final class SideBySide {

    /** One way of doing the work. */
    @FunctionalInterface
    interface Contender {
        /** Does the work once and returns its answer. */
        Object run() throws Exception;
    }

    /** What has to be so before a contender begins; not timed. */
    @FunctionalInterface
    interface Preparation {
        void run() throws Exception;
    }

    private record Entry(Preparation before, Contender contender) {}

    private final String task;
    private final int warmups;
    private final int rounds;
    private final Map<String, Entry> contenders = new LinkedHashMap<>();

    SideBySide(String task, int warmups, int rounds) {
        this.task = task;
        this.warmups = warmups;
        this.rounds = rounds;
    }

    SideBySide with(String name, Contender contender) {
        return with(name, () -> {}, contender);
    }

    SideBySide with(String name, Preparation before, Contender contender) {
        contenders.put(name, new Entry(before, contender));
        return this;
    }

    void run() throws Exception {
        Map<String, List<Long>> nanos = new LinkedHashMap<>();
        Object answer = null;
        for (int round = -warmups; round < rounds; round++) {
            for (Map.Entry<String, Entry> contender : contenders.entrySet()) {
                contender.getValue().before().run();
                long start = System.nanoTime();
                Object result = contender.getValue().contender().run();
                long took = System.nanoTime() - start;
                if (answer != null && !answer.equals(result)) {
                    throw new IllegalStateException(
                            contender.getKey() + " answers " + result + " in '" + task + "', not " + answer);
                }
                answer = result;
                if (round >= 0) {
                    nanos.computeIfAbsent(contender.getKey(), name -> new ArrayList<>())
                            .add(took);
                }
            }
        }
        print(nanos);
    }

    private void print(Map<String, List<Long>> nanos) {
        double ours = median(nanos.values().iterator().next());
        System.out.println();
        System.out.println(task + " (median of " + rounds + ", min–max)");
        nanos.forEach((name, times) -> System.out.printf(
                Locale.ROOT,
                "  %-28s %9.2f ms  (%.2f–%.2f)  %s%n",
                name,
                median(times) / 1e6,
                times.stream().min(Long::compare).orElseThrow() / 1e6,
                times.stream().max(Long::compare).orElseThrow() / 1e6,
                median(times) == ours ? "" : String.format(Locale.ROOT, "ratio %.2f", median(times) / ours)));
    }

    private static double median(List<Long> times) {
        long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
    }
}
