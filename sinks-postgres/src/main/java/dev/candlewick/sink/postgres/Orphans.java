package dev.candlewick.sink.postgres;

import dev.candlewick.CalendarUnit;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows in units without a ledger entry: somebody else wrote them. Candlewick's readers do not see them, other readers of the
 * table do; a backfill of the unit takes them away.
 */
final class Orphans {

    private static final long LONGEST_UNIT_MICROS = Duration.ofDays(366).toNanos() / 1_000;

    private final StoreParts store;

    Orphans(StoreParts store) {
        this.store = store;
    }

    /** Those of subjects that the ledger does not know at all. */
    VerifyReport all() {
        List<Finding> findings = store.database().read("Looking for rows that nobody committed", transaction -> {
            List<Finding> found = new ArrayList<>();
            Optional<String> lost = store.catalog().lost(transaction);
            if (lost.isPresent()) {
                found.add(new Finding(Kind.ORPHAN, store.catalog().ledger(), List.of(), lost.get()));
            } else if (store.catalog().isStore(transaction)) {
                for (RowTables tables : store.catalog().all(transaction).values()) {
                    found.addAll(strangers(transaction, tables));
                }
            }
            return found;
        });
        return new VerifyReport(0, 0, 0, findings);
    }

    private List<Finding> strangers(Transaction transaction, RowTables tables) throws SQLException {
        TablePart part = tables.first();
        for (TablePart each : tables.parts()) {
            if (!TableShape.exists(transaction, each.name())) {
                return List.of();
            }
        }
        Set<String> known = new HashSet<>();
        for (Subject subject : store.ledger().subjects(transaction, tables.dataset())) {
            known.add(tables.labels().apply(subject));
        }
        return counts(transaction, tables).entrySet().stream()
                .filter(label -> !known.contains(label.getKey()))
                .map(label -> orphan(
                        part,
                        label.getValue() + " rows of " + label.getKey()
                                + ", of which the ledger knows nothing; delete them, or backfill the subject"))
                .toList();
    }

    private static Map<String, Long> counts(Transaction transaction, RowTables tables) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        String subject = "p0." + Sql.name(tables.first().subject());
        transaction
                .query(
                        "SELECT " + subject + ", count(*) FROM " + tables.joined() + " GROUP BY 1 ORDER BY 1",
                        row -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(each -> counts.put(each.getKey(), each.getValue()));
        return counts;
    }

    private static Finding orphan(TablePart part, String message) {
        return new Finding(Kind.ORPHAN, part.name(), List.of(), message);
    }

    /** Those in units of a series that have no entry. */
    VerifyReport of(Series series) {
        List<Finding> findings = store.database().read("Looking for rows of " + Failures.shown(series), transaction -> {
            Optional<RowTables> tables = store.catalog().find(transaction, series);
            return tables.isEmpty() ? List.<Finding>of() : uncommitted(transaction, tables.get(), series);
        });
        return new VerifyReport(0, 0, 0, findings);
    }

    private List<Finding> uncommitted(Transaction transaction, RowTables tables, Series series) throws SQLException {
        TablePart part = tables.first();
        String step = step(series);
        return transaction.query(
                "SELECT to_char(u.start, 'YYYY-MM-DD'), u.rows FROM (" + units(tables, step, "")
                        + ") u WHERE NOT EXISTS (SELECT 1 FROM "
                        + store.catalog().ledger()
                        + " l WHERE l.dataset = ? AND l.subject = ? AND l.unit_start = u.start AND l.rows > 0) ORDER BY 1",
                row -> orphan(
                        part,
                        row.getLong(2) + " rows of " + Failures.shown(series) + " in the " + step + " of "
                                + row.getString(1) + ", for which no ledger entry vouches; forget the " + step
                                + ", or backfill it whole"),
                tables.label(series),
                series.dataset().name(),
                series.subject().toString());
    }

    /** The starts of units with rows, whatever the ledger says: all that touch the range, and perhaps neighbours. */
    List<Instant> unitsOfRows(Transaction transaction, RowTables tables, Series series, TimeRange range)
            throws SQLException {
        String time = "p0." + Sql.name(tables.first().time());
        long from = Math.max(range.startMicros(), Long.MIN_VALUE + LONGEST_UNIT_MICROS) - LONGEST_UNIT_MICROS;
        long to = Math.min(range.endMicros(), Long.MAX_VALUE - LONGEST_UNIT_MICROS) + LONGEST_UNIT_MICROS;
        return transaction.query(
                units(
                        tables,
                        step(series),
                        " AND " + time + " >= " + Sql.time(from) + " AND " + time + " < " + Sql.time(to)),
                row -> row.getObject(1, OffsetDateTime.class).toInstant(),
                tables.label(series));
    }

    private static String step(Series series) {
        CalendarUnit unit = series.cadence().unit();
        return unit == CalendarUnit.DAY ? "day" : unit == CalendarUnit.MONTH ? "month" : "year";
    }

    private static String units(RowTables tables, String step, String condition) {
        TablePart part = tables.first();
        return "SELECT date_trunc('" + step + "', p0." + Sql.name(part.time()) + ") AS start, count(*) AS rows FROM "
                + tables.joined() + " WHERE p0." + Sql.name(part.subject()) + " = ?" + condition + " GROUP BY 1";
    }
}
