package dev.candlewick;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a copy would write, unit by unit, and what it would leave alone because both stores hold it already. Immutable;
 * prints well.
 *
 * @param from the name of the store that is read
 * @param to the name of the store that is written
 * @param ranges the range of each series, sorted by series, also of those with nothing to do
 * @param units what is copied, forward in time, series interleaved; {@link PlannedUnit#missing()} are the stretches written
 * @param equal units of which both stores know the same; nothing of them is read
 * @param writeCosts what writing uses up of the target's quotas or money, a line each for people; no part of what makes
 *     plans equal
 */
public record CopyPlan(
        String from,
        String to,
        SortedMap<Series, TimeRange> ranges,
        List<PlannedUnit> units,
        int equal,
        List<String> writeCosts) {

    private static final int UNITS_SHOWN = 12;

    /** Copies the collections and sorts the units. */
    public CopyPlan {
        ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
        units = units.stream().sorted().toList();
        writeCosts = List.copyOf(writeCosts);
    }

    /** Whether nothing is to be copied. */
    public boolean isEmpty() {
        return units.isEmpty();
    }

    /** Equal when the same stretches of the same series go from the same store to the same store. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CopyPlan that
                && from.equals(that.from)
                && to.equals(that.to)
                && ranges.equals(that.ranges)
                && units.equals(that.units)
                && equal == that.equal;
    }

    @Override
    public int hashCode() {
        return units.hashCode();
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(units.size(), "unit") + " of " + ranges.size() + " series to copy from " + from + " to "
                + to + ", " + Words.grouped(equal) + " equal already");
        writeCosts.forEach(cost -> lines.add("  writing: " + cost));
        units.stream().limit(UNITS_SHOWN).forEach(unit -> lines.add("  " + unit));
        if (units.size() > UNITS_SHOWN) {
            lines.add("  … and " + (units.size() - UNITS_SHOWN) + " more");
        }
        return String.join("\n", lines);
    }
}
