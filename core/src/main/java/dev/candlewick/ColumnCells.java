package dev.candlewick;

/**
 * The values of a column that is being built. The size is a field and not a question to the column, as every end of a row
 * compares it for each column: a tenth of the time of parsing candles otherwise.
 */
abstract sealed class ColumnCells
        permits BatchBuilder.Times,
                BatchBuilder.Longs,
                BatchBuilder.Doubles,
                BatchBuilder.Booleans,
                BatchBuilder.Texts,
                DecimalColumnBuilder {

    final String name;
    final Nulls.Collector nulls = new Nulls.Collector();
    int size;

    ColumnCells(String name) {
        this.name = name;
    }

    /** Appends a row without a value. */
    abstract void appendNull();

    /** Takes back the values after the first {@code rows}. */
    final void truncate(int rows) {
        nulls.truncate(rows);
        size = Math.min(size, rows);
    }

    /** The finished column; what built it starts again empty. */
    abstract Column build();
}
