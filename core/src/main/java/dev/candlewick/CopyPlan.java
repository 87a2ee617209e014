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
 */
public record CopyPlan(
        String from, String to, SortedMap<Series, TimeRange> ranges, List<PlannedUnit> units, int equal) {

    private static final int UNITS_SHOWN = 12;

    /** Copies the collections and sorts the units. */
    public CopyPlan {
        ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
        units = units.stream().sorted().toList();
    }

    /** Whether nothing is to be copied. */
    public boolean isEmpty() {
        return units.isEmpty();
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(units.size(), "unit") + " of " + ranges.size() + " series to copy from " + from + " to "
                + to + ", " + Words.grouped(equal) + " equal already");
        units.stream().limit(UNITS_SHOWN).forEach(unit -> lines.add("  " + unit));
        if (units.size() > UNITS_SHOWN) {
            lines.add("  … and " + (units.size() - UNITS_SHOWN) + " more");
        }
        return String.join("\n", lines);
    }
}
