package dev.candlewick;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Store#verify()} found.
 *
 * @param units units looked at
 * @param rows rows read
 * @param bytes bytes of files read; 0 of a store whose files are not ours
 * @param findings what is wrong or odd, in the order in which it was found
 */
public record VerifyReport(long units, long rows, long bytes, List<Finding> findings) {

    /** Copies the list. */
    public VerifyReport {
        findings = List.copyOf(findings);
    }

    /** What can be found. */
    public enum Kind {
        /** What the store wrote down of a unit cannot be read: what it holds is unknown. */
        RECEIPT_DAMAGED,
        /** The ledger names a file that is not there. */
        FILE_MISSING,
        /** The bytes of a file are not those that were committed. */
        FILE_DAMAGED,
        /** The rows are not those that the ledger names. */
        LEDGER_DIFFERS,
        /** A row contradicts the rules of its kind of data, such as a low above the high. */
        RULE_BROKEN,
        /** Rows or a file that no ledger entry names; other readers would take them for data. */
        ORPHAN,
        /** Harmless: a candle that does not open on the grid, as venues have published some. */
        OFF_GRID,
        /** Harmless: a unit that was replaced again and again while it was read; of its rows nothing is known. */
        CHANGING,
        /** Harmless: a temporary file of a process that is gone; a sweep collects it. */
        LEFTOVER;

        /** Whether fetching the unit again is what heals it. */
        boolean heals() {
            return this == RECEIPT_DAMAGED || this == FILE_MISSING || this == FILE_DAMAGED || this == LEDGER_DIFFERS;
        }

        /** Whether the store is none the worse for it. */
        boolean isHarmless() {
            return this == OFF_GRID || this == CHANGING || this == LEFTOVER;
        }
    }

    /**
     * One thing found.
     *
     * @param kind what it is
     * @param place the file, relative to the store, or the table
     * @param units the unit concerned; empty where it is not known
     * @param message for people: what is wrong, where in the file, what to do
     */
    public record Finding(Kind kind, String place, List<Unit> units, String message) {

        /** Copies the list. */
        public Finding {
            units = List.copyOf(units);
        }

        @Override
        public String toString() {
            return kind + " " + place + ": " + message;
        }
    }

    /** A unit of a series. */
    public record Unit(Series series, TimeRange range) {
        @Override
        public String toString() {
            return series + " " + range;
        }
    }

    /** Nothing looked at yet. */
    public static VerifyReport nothing() {
        return new VerifyReport(0, 0, 0, List.of());
    }

    /** Both together. */
    public VerifyReport plus(VerifyReport other) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(other.findings);
        return new VerifyReport(units + other.units, rows + other.rows, bytes + other.bytes, all);
    }

    /** Whether everything is as it was committed. */
    public boolean isSound() {
        return findings.stream().allMatch(finding -> finding.kind().isHarmless());
    }

    /** The units to {@link Store#forget forget} and fetch again. */
    public List<Unit> refetch() {
        return findings.stream()
                .filter(finding -> finding.kind().heals())
                .flatMap(finding -> finding.units().stream())
                .distinct()
                .toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(units + (units == 1 ? " unit, " : " units, ") + rows + " rows, "
                + (bytes == 0 ? "read" : bytes + " bytes read") + ": " + (isSound() ? "sound" : "NOT sound"));
        findings.forEach(finding -> text.append("\n  ").append(finding));
        return text.toString();
    }
}
