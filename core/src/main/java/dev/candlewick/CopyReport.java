package dev.candlewick;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a copy did, and what the target still lacks.
 *
 * @param plan what was to be done
 * @param rows rows that were copied
 * @param copied units that now hold something new
 * @param unchanged units whose rows were read and that turned out to hold the same already
 * @param failed units that could not be copied, with their causes, in the plan's order
 * @param coverage what the target now knows of each series over the plan's range, sorted by series
 * @param duration how long it took, by a monotonic clock
 */
public record CopyReport(
        CopyPlan plan,
        long rows,
        int copied,
        int unchanged,
        List<FailedUnit> failed,
        Map<Series, Coverage> coverage,
        Duration duration) {

    private static final int LINES_SHOWN = 20;

    /** Copies the collections. */
    public CopyReport {
        failed = List.copyOf(failed);
        coverage = java.util.Collections.unmodifiableMap(new TreeMap<>(coverage));
    }

    /**
     * Complete, complete with gaps, or partly failed. Gaps are what the target lacks in the range, also where the source
     * lacks it too.
     */
    public BackfillStatus status() {
        if (!failed.isEmpty()) {
            return BackfillStatus.FAILED;
        }
        return gaps().isEmpty() ? BackfillStatus.COMPLETE : BackfillStatus.COMPLETE_WITH_GAPS;
    }

    /** The gaps of the target that remain in the range, by series, each with its reason. */
    public Map<Series, List<Gap>> gaps() {
        Map<Series, List<Gap>> gaps = new TreeMap<>();
        coverage.forEach((series, known) -> {
            if (!known.isComplete()) {
                gaps.put(series, known.gaps());
            }
        });
        return gaps;
    }

    /** A short account: the outcome, the numbers, the failures, the gaps. */
    @Override
    public String toString() {
        int gaps = gaps().values().stream().mapToInt(List::size).sum();
        StringBuilder text = new StringBuilder(
                switch (status()) {
                    case COMPLETE -> "Copied";
                    case COMPLETE_WITH_GAPS ->
                        "Copied, with " + Words.count(gaps, "gap") + " that remain" + (gaps == 1 ? "s" : "");
                    case FAILED ->
                        "Failed in " + failed.size() + " of "
                                + Words.count(plan.units().size(), "unit") + "; run again to copy them";
                });
        text.append(": ").append(Words.count(rows, "row")).append(" in ").append(Words.count(copied, "unit"));
        text.append(", ")
                .append(Words.grouped(plan.equal() + unchanged))
                .append(" equal already, in ")
                .append(Words.duration(duration));
        lines(text, "failed ", failed.stream().map(FailedUnit::toString).toList());
        List<String> remaining = new ArrayList<>();
        gaps().forEach((series, left) -> left.forEach(gap -> remaining.add(series + " " + gap)));
        lines(text, "", remaining);
        return text.toString();
    }

    private static void lines(StringBuilder text, String before, List<String> lines) {
        lines.stream()
                .limit(LINES_SHOWN)
                .forEach(line -> text.append("\n  ").append(before).append(line));
        if (lines.size() > LINES_SHOWN) {
            text.append("\n  … and ").append(lines.size() - LINES_SHOWN).append(" more");
        }
    }
}
