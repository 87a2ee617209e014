package dev.candlewick;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How two stores differ in one series over a range.
 *
 * @param series whose rows
 * @param range the stretch compared
 * @param equal rows that are the same in every column
 * @param onlyLeft rows that the right lacks
 * @param onlyRight rows that the left lacks
 * @param differing rows that both have and that differ in a column
 * @param differingByField how many of these differ in each column, in the schema's order; only columns that differ
 * @param reordered rows of one instant that both have, the same ones, in another order
 * @param differences the first differences, as many as were asked for
 * @param gapsOnlyLeft stretches that lack rows on the left, and on the right do not, or for another reason
 * @param gapsOnlyRight stretches that lack rows on the right, and on the left do not, or for another reason
 * @param schema how the columns differ, a line for people each; rows are then compared in the columns that both have
 */
public record SeriesComparison(
        Series series,
        TimeRange range,
        long equal,
        long onlyLeft,
        long onlyRight,
        long differing,
        Map<String, Long> differingByField,
        long reordered,
        List<RowDifference> differences,
        List<Gap> gapsOnlyLeft,
        List<Gap> gapsOnlyRight,
        List<String> schema) {

    private static final int GAPS_SHOWN = 10;

    /** Copies the collections. */
    public SeriesComparison {
        differingByField = Collections.unmodifiableMap(new LinkedHashMap<>(differingByField));
        differences = List.copyOf(differences);
        gapsOnlyLeft = List.copyOf(gapsOnlyLeft);
        gapsOnlyRight = List.copyOf(gapsOnlyRight);
        schema = List.copyOf(schema);
    }

    /** Whether both hold the same rows in the same columns and order, and lack the same ones for the same reasons. */
    public boolean isEqual() {
        return onlyLeft == 0
                && onlyRight == 0
                && differing == 0
                && reordered == 0
                && gapsOnlyLeft.isEmpty()
                && gapsOnlyRight.isEmpty()
                && schema.isEmpty();
    }

    /** A line when they are equal; else the counts, the first differences, and the gaps. */
    @Override
    public String toString() {
        if (isEqual()) {
            return series + ": equal, " + Words.count(equal, "row");
        }
        StringBuilder text = new StringBuilder(series + ": DIFFERENT, " + Words.count(equal, "row") + " equal, "
                + Words.grouped(differing) + " differing, " + Words.grouped(onlyLeft) + " only left, "
                + Words.grouped(onlyRight) + " only right");
        if (reordered > 0) {
            text.append(", ").append(Words.grouped(reordered)).append(" in another order");
        }
        schema.forEach(line -> text.append("\n  columns: ").append(line));
        differingByField.forEach((field, rows) ->
                text.append("\n  ").append(field).append(" differs in ").append(Words.count(rows, "row")));
        differences.forEach(difference -> text.append("\n  ").append(difference));
        long unshown = onlyLeft
                + onlyRight
                + differingByField.values().stream().mapToLong(Long::longValue).sum()
                - differences.size();
        if (unshown > 0) {
            text.append("\n  … and ").append(Words.count(unshown, "difference")).append(" more");
        }
        gaps(text, "left", gapsOnlyLeft);
        gaps(text, "right", gapsOnlyRight);
        return text.toString();
    }

    private static void gaps(StringBuilder text, String side, List<Gap> gaps) {
        gaps.stream()
                .limit(GAPS_SHOWN)
                .forEach(gap ->
                        text.append("\n  gap only ").append(side).append(": ").append(gap));
        if (gaps.size() > GAPS_SHOWN) {
            text.append("\n  … and ")
                    .append(Words.count(gaps.size() - GAPS_SHOWN, "gap"))
                    .append(" more only ")
                    .append(side);
        }
    }
}
