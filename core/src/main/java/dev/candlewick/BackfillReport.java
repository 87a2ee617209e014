package dev.candlewick;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a backfill did, and what is missing still.
 *
 * @param plan what was to be done
 * @param rowsAdded rows that commits brought in
 * @param committed units that now hold something new
 * @param unchanged units that already held exactly what arrived
 * @param failed units that could not be done, with their causes, in the plan's order
 * @param quarantined rows that arrived, were wrong and were set aside
 * @param coverage what the store now knows of each series over the plan's range, sorted by series
 * @param duration how long it took, by a monotonic clock
 */
public record BackfillReport(
        BackfillPlan plan,
        long rowsAdded,
        int committed,
        int unchanged,
        List<FailedUnit> failed,
        long quarantined,
        Map<Series, Coverage> coverage,
        Duration duration) {

    private static final int LINES_SHOWN = 20;

    /** Copies the collections. */
    public BackfillReport {
        failed = List.copyOf(failed);
        coverage = java.util.Collections.unmodifiableMap(new TreeMap<>(coverage));
    }

    /** Complete, complete with gaps, or partly failed. */
    public BackfillStatus status() {
        if (!failed.isEmpty()) {
            return BackfillStatus.FAILED;
        }
        return gaps().isEmpty() ? BackfillStatus.COMPLETE : BackfillStatus.COMPLETE_WITH_GAPS;
    }

    /**
     * The gaps that remain, by series, each with its reason. Of a {@linkplain BackfillPlan#shard shard} only those in its
     * own units.
     */
    public Map<Series, List<Gap>> gaps() {
        Map<Series, List<Gap>> gaps = new TreeMap<>();
        coverage.forEach((series, known) -> {
            List<Gap> remaining = known.gaps().stream()
                    .filter(gap -> !plan.isShard() || worksOn(series, gap))
                    .toList();
            if (!remaining.isEmpty()) {
                gaps.put(series, remaining);
            }
        });
        return gaps;
    }

    /** A short account: the outcome, the numbers, the failures, the gaps. */
    @Override
    public String toString() {
        List<Gap> all = new ArrayList<>();
        gaps().values().forEach(all::addAll);
        StringBuilder text = new StringBuilder(
                switch (status()) {
                    case COMPLETE -> "Complete";
                    case COMPLETE_WITH_GAPS -> withGaps(all);
                    case FAILED ->
                        "Failed in " + failed.size() + " of "
                                + Words.count(plan.units().size(), "unit") + "; run again to fetch what is missing";
                });
        text.append(": ").append(Words.count(rowsAdded, "row")).append(" added, ");
        text.append(Words.count(committed, "unit")).append(" committed");
        text.append(unchanged == 0 ? "" : ", " + Words.grouped(unchanged) + " already there");
        text.append(quarantined == 0 ? "" : ", " + Words.count(quarantined, "row") + " quarantined");
        text.append(", in ").append(Words.duration(duration));
        lines(text, "failed ", failed.stream().map(FailedUnit::toString).toList());
        gaps().forEach((series, gaps) ->
                lines(text, series + " ", gaps.stream().map(Gap::toString).toList()));
        return text.toString();
    }

    private static String withGaps(List<Gap> gaps) {
        long silent = gaps.stream()
                .filter(gap -> gap.reason() == GapReason.NOT_FETCHED)
                .count();
        return silent == 0
                ? "Complete with " + Words.count(gaps.size(), "gap")
                : "Incomplete with " + Words.count(gaps.size(), "gap") + ", of " + Words.grouped(silent)
                        + " of which the source said nothing";
    }

    private boolean worksOn(Series series, Gap gap) {
        return plan.units().stream()
                .anyMatch(unit -> unit.series().equals(series)
                        && unit.unit().contains(gap.range().start()));
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
