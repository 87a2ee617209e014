package dev.candlewick;

/**
 * One column of a {@link Schema}.
 *
 * @param name the standard name, lower case with underscores
 * @param type what it holds
 * @param nullable whether a row may have no value here
 */
public record Field(String name, ColumnType type, boolean nullable) {

    /** Checks the name: a letter, then letters, digits and underscores, so that it needs no quoting in any store. */
    public Field {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a column name; use lower-case letters, digits and underscores");
        }
    }

    /** An instant that every row has. */
    public static Field time(String name) {
        return new Field(name, new ColumnType.Time(), false);
    }

    /** An exact decimal that every row has. */
    public static Field decimal(String name, int precision, int scale) {
        return new Field(name, new ColumnType.Decimal(precision, scale), false);
    }

    /** A 64-bit integer that every row has. */
    public static Field int64(String name) {
        return new Field(name, new ColumnType.Int64(), false);
    }

    /** A binary floating-point number that every row has; features only. */
    public static Field float64(String name) {
        return new Field(name, new ColumnType.Float64(), false);
    }

    /** True or false in every row. */
    public static Field bool(String name) {
        return new Field(name, new ColumnType.Bool(), false);
    }

    /** Text that every row has. */
    public static Field text(String name) {
        return new Field(name, new ColumnType.Text(), false);
    }

    /** The same field where a row may have no value. */
    public Field orNull() {
        return new Field(name, type, true);
    }

    @Override
    public String toString() {
        return name + " " + type + (nullable ? "?" : "");
    }
}
