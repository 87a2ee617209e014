package dev.candlewick;

/** One value of a column, compared and printed without losing anything. */
final class Cell {

    private Cell() {}

    /** Whether both columns, which are of one type, hold the same value: exactly, floating-point numbers bit by bit. */
    static boolean same(Column left, int leftRow, Column right, int rightRow) {
        boolean missing = left.isNull(leftRow);
        if (missing || right.isNull(rightRow)) {
            return missing && right.isNull(rightRow);
        }
        if (left instanceof DecimalColumn mine && right instanceof DecimalColumn theirs) {
            return mine.low(leftRow) == theirs.low(rightRow) && mine.high(leftRow) == theirs.high(rightRow);
        } else if (left instanceof TimeColumn mine && right instanceof TimeColumn theirs) {
            return mine.epochMicros(leftRow) == theirs.epochMicros(rightRow);
        } else if (left instanceof LongColumn mine && right instanceof LongColumn theirs) {
            return mine.value(leftRow) == theirs.value(rightRow);
        } else if (left instanceof DoubleColumn mine && right instanceof DoubleColumn theirs) {
            return Double.doubleToLongBits(mine.value(leftRow)) == Double.doubleToLongBits(theirs.value(rightRow));
        } else if (left instanceof BooleanColumn mine && right instanceof BooleanColumn theirs) {
            return mine.value(leftRow) == theirs.value(rightRow);
        } else if (left instanceof TextColumn mine && right instanceof TextColumn theirs) {
            return mine.value(leftRow).equals(theirs.value(rightRow));
        }
        throw new IllegalArgumentException(
                "Column " + left.name() + " holds " + left.type() + " on one side, " + right.type() + " on the other");
    }

    /** The value: text in quotes, null as a word without. */
    static String text(Column column, int row) {
        if (column.isNull(row)) {
            return "null";
        }
        return column instanceof TextColumn ? '"' + column.text(row) + '"' : column.text(row);
    }

    /** All values of a row in the schema's order. */
    static String row(Batch batch, int row) {
        return batch.columns().stream()
                .map(column -> text(column, row))
                .collect(java.util.stream.Collectors.joining(", "));
    }
}
