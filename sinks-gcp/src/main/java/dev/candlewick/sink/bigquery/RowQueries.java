package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.JobException;
import com.google.cloud.bigquery.TableResult;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** The queries for rows of a series; every one names the times that it wants, so that only their partitions are scanned. */
final class RowQueries {

    private final Warehouse warehouse;
    private final Tables tables;
    private final Ledger ledger;

    RowQueries(Warehouse warehouse, Tables tables, Ledger ledger) {
        this.warehouse = warehouse;
        this.tables = tables;
        this.ledger = ledger;
    }

    /**
     * The rows of some stretches in the order in which they were written.
     *
     * @param units the ledger's rows of the units that they lie in: when one of them is another by now, no row is given
     */
    Statement select(RowsTable table, Series series, List<TimeRange> stretches, List<Ledger.Row> units) {
        Statement query = new Statement();
        return query.add("SELECT " + table.selected() + " FROM " + tables.name(table) + " WHERE "
                + condition(query, table, series, stretches) + " AND " + ledger.stillThese(query, series, units)
                + " ORDER BY " + table.order(""));
    }

    /** The last row of a stretch of a unit. */
    Statement selectLast(RowsTable table, Series series, TimeRange stretch, Ledger.Row unit) {
        Statement query = new Statement();
        return query.add("SELECT " + table.selected() + " FROM " + tables.name(table) + " WHERE "
                + condition(query, table, series, List.of(stretch)) + " AND "
                + ledger.stillThese(query, series, List.of(unit)) + " ORDER BY " + table.order(" DESC") + " LIMIT 1");
    }

    private String condition(Statement query, RowsTable table, Series series, List<TimeRange> stretches) {
        TimeRange span = stretches.get(0).span(stretches.get(stretches.size() - 1));
        String within = table.within(span.startMicros(), span.endMicros());
        String some = stretches.size() == 1
                ? ""
                : stretches.stream()
                        .map(each -> Statement.within(table.time(), each.startMicros(), each.endMicros()))
                        .collect(Collectors.joining(" OR ", " AND (", ")"));
        return within + " AND " + table.whose(query, series.subject()) + some;
    }

    /** How many rows each of these units has; empty when the units are others by now. */
    List<Long> count(RowsTable table, Series series, List<Ledger.Row> units) {
        List<Long> counts = new ArrayList<>();
        for (Ledger.Row unit : units) {
            Statement query = new Statement();
            query.add("SELECT COUNT(*), " + guard(query, series, unit) + " FROM " + tables.name(table) + " WHERE "
                    + condition(query, table, series, List.of(unit.unit())));
            FieldValueList answer = first("Counting the rows of " + Failures.cut(series), query);
            if (answer.get(1).getLongValue() != 1) {
                return List.of();
            }
            counts.add(answer.get(0).getLongValue());
        }
        return counts;
    }

    private String guard(Statement query, Series series, Ledger.Row unit) {
        return "(SELECT COUNT(*) FROM " + ledger.name() + " WHERE " + Ledger.whose(query, series) + " AND unit = "
                + query.text(unit.key()) + " AND version = " + query.text(unit.version()) + ")";
    }

    /** How many rows there are in a stretch, whoever wrote them. */
    long count(RowsTable table, Series series, TimeRange stretch) {
        Statement query = new Statement();
        query.add("SELECT COUNT(*) FROM " + tables.name(table) + " WHERE "
                + condition(query, table, series, List.of(stretch)));
        return first("Counting the rows of " + Failures.cut(series), query)
                .get(0)
                .getLongValue();
    }

    private FieldValueList first(String doing, Statement query) {
        try {
            TableResult result = warehouse.query(doing, query, 1);
            Iterator<FieldValueList> rows = result.getValues().iterator();
            return rows.next();
        } catch (BigQueryException | JobException failed) {
            throw warehouse.failures().of(doing, failed);
        }
    }
}
