package dev.candlewick;

import java.util.List;

/**
 * How the ledgers of two stores differ in one series over a range: unit by unit, without reading a row.
 *
 * @param series whose ledgers
 * @param range the stretch compared; units that it touches are compared whole
 * @param equal units of which both ledgers name the same rows
 * @param differences units of which they do not, or whose ledger cannot be read, in time order
 */
public record LedgerComparison(Series series, TimeRange range, int equal, List<UnitDifference> differences) {

    private static final int UNITS_SHOWN = 20;

    /**
     * A unit of which two ledgers say different things.
     *
     * @param unit the calendar unit
     * @param left what the left knows: {@code 44,640 rows, hash 0123456789ab}
     * @param right what the right knows
     */
    public record UnitDifference(TimeRange unit, String left, String right) {}

    /** Copies the list. */
    public LedgerComparison {
        differences = List.copyOf(differences);
    }

    /** Whether both ledgers name the same rows in every unit. */
    public boolean isEqual() {
        return differences.isEmpty();
    }

    @Override
    public String toString() {
        if (isEqual()) {
            return series + ": equal, " + Words.count(equal, "unit") + " by content hash";
        }
        StringBuilder text = new StringBuilder(series + ": DIFFERENT, " + Words.count(equal, "unit") + " equal, "
                + Words.grouped(differences.size()) + " different");
        differences.stream()
                .limit(UNITS_SHOWN)
                .forEach(unit -> text.append("\n  ")
                        .append(series.cadence().unit().label(unit.unit()))
                        .append(": ")
                        .append(unit.left())
                        .append(" left, ")
                        .append(unit.right())
                        .append(" right"));
        if (differences.size() > UNITS_SHOWN) {
            text.append("\n  … and ")
                    .append(Words.count(differences.size() - UNITS_SHOWN, "unit"))
                    .append(" more");
        }
        return text.toString();
    }
}
