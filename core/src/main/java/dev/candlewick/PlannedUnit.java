package dev.candlewick;

/**
 * One calendar unit of one series that a plan fetches: what is asked for, why, and what it will cost.
 *
 * @param series whose rows
 * @param unit the whole calendar unit; it names the work, whatever part of it is missing
 * @param missing the stretches of the unit that are fetched, none empty of grid slots
 * @param reason why stretches are asked for that were settled before; empty when nobody asked before
 * @param estimate what fetching them asks of the source
 */
public record PlannedUnit(Series series, TimeRange unit, TimeRanges missing, String reason, Estimate estimate)
        implements Comparable<PlannedUnit> {

    /** Checks that there is something to fetch, inside the unit. */
    public PlannedUnit {
        if (missing.isEmpty() || !missing.minus(unit).isEmpty()) {
            throw new IllegalArgumentException("Unit " + unit + " of " + series + " cannot fetch " + missing);
        }
    }

    /** The unit's name in its calendar: {@code 2024-01}. */
    public String label() {
        return series.cadence().unit().label(unit);
    }

    /** The request budget that fetching draws on; empty when there is none. */
    public String lane() {
        return estimate.lane();
    }

    /** Earlier units first, within a time by series: a run interleaves series and goes forward in time. */
    @Override
    public int compareTo(PlannedUnit other) {
        int byUnit = unit.compareTo(other.unit);
        return byUnit != 0 ? byUnit : series.compareTo(other.series);
    }

    @Override
    public String toString() {
        return series + " " + label() + ": " + missing + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
