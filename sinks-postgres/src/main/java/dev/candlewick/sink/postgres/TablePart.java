package dev.candlewick.sink.postgres;

import dev.candlewick.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table that holds some columns of a dataset's rows.
 *
 * @param schema the schema it lies in
 * @param table its name
 * @param subject the column that says whose row it is
 * @param time the column of the dataset's time
 * @param ordinal the column that numbers the rows of one instant, where the time alone is no key
 * @param stored the dataset's other columns that lie here
 * @param strangers whether it may hold rows that are none of ours, which must stay
 */
record TablePart(
        String schema,
        String table,
        String subject,
        String time,
        Optional<String> ordinal,
        List<Stored> stored,
        boolean strangers) {

    TablePart {
        stored = List.copyOf(stored);
    }

    /**
     * A column of the dataset as it lies in the table.
     *
     * @param field its place in the dataset's schema
     * @param column its name in the table
     * @param narrower the type there, where the table's NUMERIC holds less than the dataset's decimal
     */
    record Stored(int field, String column, Optional<ColumnType.Decimal> narrower) {}

    String name() {
        return Sql.name(schema, table);
    }

    /** The columns in the order in which rows are copied in. */
    List<String> columns() {
        List<String> columns = new ArrayList<>();
        columns.add(subject);
        columns.add(time);
        stored.forEach(each -> columns.add(each.column()));
        ordinal.ifPresent(columns::add);
        return columns;
    }

    String copyIn() {
        return "COPY " + name() + " (" + Sql.names(columns()) + ") FROM STDIN (FORMAT binary)";
    }

    /** The condition on rows of a subject in {@code [from, to)}; {@code prefix} is the table's alias and a point, or empty. */
    String within(String prefix, String label, long from, long to) {
        return prefix + Sql.name(subject) + " = " + Sql.literal(label) + " AND " + prefix + Sql.name(time) + " >= "
                + Sql.time(from) + " AND " + prefix + Sql.name(time) + " < " + Sql.time(to);
    }
}
