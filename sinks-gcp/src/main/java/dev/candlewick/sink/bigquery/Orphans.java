package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.JobException;
import com.google.cloud.bigquery.TableResult;
import dev.candlewick.CalendarUnit;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows in units without a ledger entry: somebody else wrote them. Candlewick's readers do not see them, other readers of the
 * table do; a backfill of the unit takes them away. One query per table finds them all.
 */
final class Orphans {

    private static final int MOST = 1_000;

    private final StoreParts store;

    Orphans(StoreParts store) {
        this.store = store;
    }

    /** Those of all datasets. */
    VerifyReport all() {
        List<Finding> findings = new ArrayList<>();
        for (Tables.Held held : store.tables().all()) {
            findings.addAll(of(held.rows(), Optional.empty()));
        }
        return new VerifyReport(0, 0, 0, findings);
    }

    /** Those of one series. */
    VerifyReport of(Series series) {
        Optional<Tables.Held> held = store.tables().held(series.dataset());
        return held.map(there -> new VerifyReport(0, 0, 0, of(there.rows(), Optional.of(series))))
                .orElseGet(VerifyReport::nothing);
    }

    private List<Finding> of(RowsTable table, Optional<Series> series) {
        CalendarUnit unit = table.dataset().cadence().unit();
        Statement query = new Statement();
        String subjects = Statement.names(
                table.subjects().stream().map(RowsTable.SubjectColumn::name).toList());
        query.add("SELECT " + start(table, unit) + " AS unit_start, COUNT(*) AS row_count, " + subjects + " FROM "
                + store.tables().name(table) + " WHERE "
                + table.within(Statement.FIRST_MICROS, Statement.LAST_MICROS)
                + series.map(one -> " AND " + table.whose(query, one.subject())).orElse("") + " GROUP BY unit_start, "
                + subjects + " ORDER BY " + subjects + ", unit_start");
        Set<String> known = store.ledger().filledUnits(table.dataset());
        List<Finding> findings = new ArrayList<>();
        for (FieldValueList row : rows("Looking for rows that nobody committed", query)) {
            TimeRange there = unit.containing(TimeRange.instant(Timestamps.micros(row.get(0))));
            List<String> values = new ArrayList<>();
            row.subList(2, row.size()).forEach(value -> values.add(value.getStringValue()));
            String subject = subject(table, values);
            if (!known.contains(subject + "/" + table.dataset() + " " + unit.label(there)) && findings.size() < MOST) {
                findings.add(new Finding(
                        Kind.ORPHAN,
                        table.name(),
                        List.of(),
                        row.get(1).getLongValue() + " rows of " + Failures.cut(subject) + "/" + table.dataset() + " in "
                                + unit.label(there)
                                + ", for which no ledger entry vouches; no reader sees them. Forget the unit, or backfill"
                                + " it whole"));
            }
        }
        return findings;
    }

    private static String subject(RowsTable table, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (table.subjects().get(i).part() == RowsTable.Part.WHOLE) {
                return values.get(i);
            }
        }
        return String.join(":", values);
    }

    private static String start(RowsTable table, CalendarUnit unit) {
        return "TIMESTAMP_TRUNC(" + Statement.name(table.time()) + ", " + unit + ")";
    }

    /** How many rows of a series there are in each unit of a stretch, whatever the ledger says. */
    Map<TimeRange, Long> rowsByUnit(RowsTable table, Series series, TimeRange span) {
        CalendarUnit unit = series.cadence().unit();
        Statement query = new Statement();
        query.add("SELECT " + start(table, unit) + " AS unit_start, COUNT(*) AS row_count FROM "
                + store.tables().name(table) + " WHERE " + table.within(span.startMicros(), span.endMicros()) + " AND "
                + table.whose(query, series.subject()) + " GROUP BY unit_start ORDER BY unit_start");
        Map<TimeRange, Long> units = new LinkedHashMap<>();
        for (FieldValueList row : rows("Looking for rows of " + Failures.cut(series), query)) {
            units.put(
                    unit.containing(TimeRange.instant(Timestamps.micros(row.get(0)))),
                    row.get(1).getLongValue());
        }
        return units;
    }

    private List<FieldValueList> rows(String doing, Statement query) {
        List<FieldValueList> rows = new ArrayList<>();
        try {
            TableResult page = store.warehouse().query(doing, query, 10_000);
            while (true) {
                page.getValues().forEach(rows::add);
                if (!page.hasNextPage()) {
                    return rows;
                }
                TableResult before = page;
                page = store.warehouse().ask(doing, client -> before.getNextPage());
            }
        } catch (BigQueryException | JobException failed) {
            throw store.warehouse().failures().of(doing, failed);
        }
    }
}
