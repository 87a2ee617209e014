package dev.candlewick;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Consecutive rows of one series as columns: immutable, yours to keep, safe to hand to another thread. Rows are in
 * ascending order of the series' time column. Typically a few thousand to a few hundred thousand rows.
 *
 * <pre>{@code
 * TimeColumn opens = batch.times("open_time");
 * DecimalColumn closes = batch.decimals("close");
 * for (int row = 0; row < batch.rows(); row++) {
 *     use(opens.epochMicros(row), closes.unscaled(row));
 * }
 * }</pre>
 */
public final class Batch {

    private static final int ROWS_SHOWN = 5;

    private final Series series;
    private final List<Column> columns;
    private final int rows;

    private Batch(Series series, List<Column> columns, int rows) {
        this.series = series;
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * The batch of the given columns, which must be those of the series' schema in its order, equally long, without nulls
     * where the schema allows none, and ascending in time.
     */
    public static Batch of(Series series, List<Column> columns) {
        return of(series, series.schema().fields(), columns);
    }

    /**
     * A batch of some columns of the schema: as {@link #of(Series, List)}, but columns may be missing, except the time
     * column. For sources that read only what they were asked for.
     */
    public static Batch ofSome(Series series, List<Column> columns) {
        List<String> names = columns.stream().map(Column::name).toList();
        return of(series, series.schema().select(names), columns);
    }

    private static Batch of(Series series, List<Field> fields, List<Column> columns) {
        if (columns.size() != fields.size()) {
            throw new IllegalArgumentException(
                    series + " has columns " + fields.stream().map(Field::name).toList() + ", not "
                            + columns.stream().map(Column::name).toList());
        }
        int rows = columns.get(0).size();
        for (int i = 0; i < columns.size(); i++) {
            check(series, fields.get(i), columns.get(i), rows);
        }
        Batch batch = new Batch(series, List.copyOf(columns), rows);
        TimeColumn times = batch.times();
        int back = times.firstDescent();
        if (back < rows) {
            throw new IllegalArgumentException("Rows of " + series + " go back in time at row " + back + ": "
                    + times.text(back) + " after " + times.text(back - 1));
        }
        return batch;
    }

    /** As {@link #of(Series, List)}. */
    public static Batch of(Series series, Column... columns) {
        return of(series, List.of(columns));
    }

    /** Whose rows these are. */
    public Series series() {
        return series;
    }

    /** How many rows. */
    public int rows() {
        return rows;
    }

    /** All columns in the schema's order, or those that were asked for. */
    public List<Column> columns() {
        return columns;
    }

    /** Whether it has all columns of the schema; others are of reads that asked for some, and no sink takes them. */
    public boolean isWhole() {
        return columns.size() == series.schema().fields().size();
    }

    /**
     * Checks that this batch {@link #isWhole}, for whoever writes or hashes rows.
     *
     * @throws IllegalArgumentException naming the columns that it has, and those of the schema
     */
    public void requireWhole() {
        if (!isWhole()) {
            throw new IllegalArgumentException(
                    "Rows of " + series + " that were read without some of their columns cannot be"
                            + " written; these have "
                            + columns.stream().map(Column::name).toList() + " of "
                            + series.schema().names());
        }
    }

    /**
     * The same rows with these columns and the time column only, in the schema's order.
     *
     * @throws IllegalArgumentException when this batch has no such column, naming the ones it has
     */
    public Batch select(Collection<String> names) {
        names.forEach(this::column);
        List<Column> selected = series.schema().select(names).stream()
                .map(field -> column(field.name()))
                .toList();
        return selected.size() == columns.size() ? this : new Batch(series, selected, rows);
    }

    /** The column of that name; fails naming the ones there are. */
    public Column column(String name) {
        for (Column column : columns) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        throw new IllegalArgumentException("No column '" + name + "' in " + series + "; it has "
                + columns.stream().map(Column::name).toList());
    }

    /** The series' time column. */
    public TimeColumn times() {
        return times(series.schema().time());
    }

    /** The time column of that name. */
    public TimeColumn times(String name) {
        return typed(name, TimeColumn.class);
    }

    /** The decimal column of that name. */
    public DecimalColumn decimals(String name) {
        return typed(name, DecimalColumn.class);
    }

    /** The integer column of that name. */
    public LongColumn longs(String name) {
        return typed(name, LongColumn.class);
    }

    /** The floating-point column of that name. */
    public DoubleColumn doubles(String name) {
        return typed(name, DoubleColumn.class);
    }

    /** The yes-and-no column of that name. */
    public BooleanColumn booleans(String name) {
        return typed(name, BooleanColumn.class);
    }

    /** The text column of that name. */
    public TextColumn texts(String name) {
        return typed(name, TextColumn.class);
    }

    /** The rows from {@code from} up to, not including, {@code to} as a batch of their own. */
    public Batch slice(int from, int to) {
        if (from == 0 && to == rows) {
            return this;
        }
        List<Column> sliced = new ArrayList<>(columns.size());
        for (Column column : columns) {
            sliced.add(column.slice(from, to));
        }
        return new Batch(series, List.copyOf(sliced), to - from);
    }

    /** The first row whose time is at or after the given one; {@link #rows()} when there is none. */
    public int firstRowFrom(long epochMicros) {
        TimeColumn times = times();
        int low = 0;
        int high = rows;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times.epochMicros(middle) < epochMicros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The rows whose time lies in the range; may have no rows. */
    public Batch within(TimeRange range) {
        int from = firstRowFrom(range.startMicros());
        int to = firstRowFrom(range.endMicros());
        return slice(from, to);
    }

    /** A few rows as an aligned table, with the series and the number of rows. */
    @Override
    public String toString() {
        List<List<String>> table = new ArrayList<>();
        table.add(columns.stream().map(Column::name).toList());
        int head = rows <= 2 * ROWS_SHOWN ? rows : ROWS_SHOWN;
        for (int row = 0; row < head; row++) {
            table.add(texts(row));
        }
        if (head < rows) {
            table.add(columns.stream().map(column -> "…").toList());
            for (int row = rows - ROWS_SHOWN; row < rows; row++) {
                table.add(texts(row));
            }
        }
        return series + ": " + rows + (rows == 1 ? " row" : " rows") + "\n" + TextTable.render(table);
    }

    private List<String> texts(int row) {
        return columns.stream().map(column -> column.text(row)).collect(Collectors.toList());
    }

    private <C extends Column> C typed(String name, Class<C> kind) {
        Column column = column(name);
        if (!kind.isInstance(column)) {
            throw new IllegalArgumentException(
                    "Column '" + name + "' of " + series + " holds " + column.type() + ", not what was asked for");
        }
        return kind.cast(column);
    }

    private static void check(Series series, Field field, Column column, int rows) {
        if (!column.name().equals(field.name()) || !column.type().equals(field.type())) {
            throw new IllegalArgumentException(
                    "Column '" + field + "' of " + series + " cannot be '" + column.name() + " " + column.type() + "'");
        }
        if (column.size() != rows) {
            throw new IllegalArgumentException("Columns of " + series + " differ in length: '" + field.name() + "' has "
                    + column.size() + " rows, the first has " + rows);
        }
        if (column.hasNulls() && !field.nullable()) {
            for (int row = 0; row < rows; row++) {
                if (column.isNull(row)) {
                    throw new IllegalArgumentException(
                            "Row " + row + " of column '" + field.name() + "' of " + series + " has no value");
                }
            }
        }
    }
}
