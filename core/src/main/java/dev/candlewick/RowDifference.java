package dev.candlewick;

/**
 * One thing in which the rows of two stores differ.
 *
 * @param kind whether a side lacks the row, or holds another value
 * @param row the row's key: {@code open_time 2024-01-01T00:00:00Z}
 * @param field the column that differs; empty where a side lacks the row
 * @param left the exact value on the left: text in quotes, {@code null} without quotes; the whole row where the right lacks
 *     it, empty where the left does
 * @param right as {@code left}, of the right
 */
public record RowDifference(Kind kind, String row, String field, String left, String right) {

    /** How rows can differ. */
    public enum Kind {
        /** The right lacks the row. */
        ONLY_LEFT,
        /** The left lacks the row. */
        ONLY_RIGHT,
        /** Both have the row, and a value in it differs. */
        VALUE
    }

    @Override
    public String toString() {
        return switch (kind) {
            case ONLY_LEFT -> row + " only left: " + left;
            case ONLY_RIGHT -> row + " only right: " + right;
            case VALUE -> row + " " + field + ": " + left + " left, " + right + " right";
        };
    }
}
