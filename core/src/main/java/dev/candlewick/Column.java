package dev.candlewick;

/**
 * One column of a {@link Batch}: immutable, over primitive arrays that nobody else holds, yours to keep and safe to hand
 * to another thread. Rows count from 0. Where {@link #isNull} says so a row has no value and its accessors return zero,
 * false or the empty text.
 */
public sealed interface Column permits TimeColumn, DecimalColumn, LongColumn, DoubleColumn, BooleanColumn, TextColumn {

    /** The column's name in the schema. */
    String name();

    /** How many rows. */
    int size();

    /** Whether any row has no value here. */
    boolean hasNulls();

    /** Whether the row has no value here. */
    boolean isNull(int row);

    /** What the column holds. */
    ColumnType type();

    /** The rows from {@code from} up to, not including, {@code to} as a column of their own (copied). */
    Column slice(int from, int to);

    /** The row's value as text without losing anything: ISO instants, plain decimals; empty for null. */
    String text(int row);
}
