package dev.candlewick.sink.postgres;

import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the rows of a dataset lie: one table, or several that share the key.
 *
 * @param dataset whose rows
 * @param parts the tables; together they hold every column, and a row is there when all of them have it
 * @param labels how a subject is written in their subject columns
 */
record RowTables(Dataset dataset, List<TablePart> parts, Function<Subject, String> labels) {

    RowTables {
        parts = List.copyOf(parts);
    }

    TablePart first() {
        return parts.get(0);
    }

    String label(Series series) {
        return labels.apply(series.subject());
    }

    /** The rows of {@code [from, to)} with the dataset's columns in its order, in the order in which they were written. */
    String select(Series series, long from, long to) {
        return "SELECT " + columns() + " FROM " + joined() + " WHERE " + first().within("p0.", label(series), from, to)
                + " ORDER BY " + order("");
    }

    /** The last row of {@code [from, to)}. */
    String selectLast(Series series, long from, long to) {
        return "SELECT " + columns() + " FROM " + joined() + " WHERE " + first().within("p0.", label(series), from, to)
                + " ORDER BY " + order(" DESC") + " LIMIT 1";
    }

    /** How many rows there are in {@code [from, to)}; none of those that were never ours. */
    long count(Transaction transaction, Series series, long from, long to) throws SQLException {
        if (from >= to) {
            return 0;
        }
        return transaction
                .first(
                        "SELECT count(*) FROM " + joined() + " WHERE " + first().within("p0.", label(series), from, to),
                        row -> row.getLong(1))
                .orElseThrow();
    }

    /** Takes away the rows of a unit; those that were never ours stay. */
    String deleteOurs(TablePart part, Series series, TimeRange unit) {
        String delete = "DELETE FROM " + part.name() + " p0";
        String where = " WHERE " + part.within("p0.", label(series), unit.startMicros(), unit.endMicros());
        if (!part.strangers()) {
            return delete + where;
        }
        TablePart proof = parts.get(parts.size() - 1);
        return delete + " USING " + proof.name() + " s" + where + " AND s." + Sql.name(proof.subject()) + " = p0."
                + Sql.name(part.subject()) + " AND s." + Sql.name(proof.time()) + " = p0." + Sql.name(part.time());
    }

    private String columns() {
        return dataset.schema().fields().stream()
                .map(field -> column(dataset.schema().indexOf(field.name())))
                .collect(Collectors.joining(", "));
    }

    private String column(int field) {
        if (dataset.schema().fields().get(field).name().equals(dataset.schema().time())) {
            return "p0." + Sql.name(first().time());
        }
        for (int part = 0; part < parts.size(); part++) {
            for (TablePart.Stored stored : parts.get(part).stored()) {
                if (stored.field() == field) {
                    return "p" + part + "." + Sql.name(stored.column());
                }
            }
        }
        throw new IllegalStateException("No table holds column " + field + " of " + dataset);
    }

    /** The tables as one, joined by their keys, under the aliases p0, p1 and so on. */
    String joined() {
        return first().name() + " p0"
                + IntStream.range(1, parts.size())
                        .mapToObj(i -> " JOIN " + parts.get(i).name() + " p" + i + " ON p" + i + "."
                                + Sql.name(parts.get(i).subject()) + " = p0." + Sql.name(first().subject()) + " AND p"
                                + i + "." + Sql.name(parts.get(i).time()) + " = p0." + Sql.name(first().time()))
                        .collect(Collectors.joining());
    }

    private String order(String direction) {
        Optional<String> ordinal = first().ordinal();
        return "p0." + Sql.name(first().time()) + direction
                + ordinal.map(column -> ", p0." + Sql.name(column) + direction).orElse("");
    }
}
