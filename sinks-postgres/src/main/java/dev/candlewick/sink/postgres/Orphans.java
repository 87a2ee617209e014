package dev.candlewick.sink.postgres;

import dev.candlewick.CalendarUnit;
import dev.candlewick.Series;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows in units without a ledger entry: somebody else wrote them. Candlewick's readers do not see them, other readers of the
 * table do; a backfill of the unit takes them away.
 */
final class Orphans {

    private final StoreParts store;

    Orphans(StoreParts store) {
        this.store = store;
    }

    /** Those of subjects that the ledger does not know at all. */
    VerifyReport all() {
        List<Finding> findings = store.database().read("Looking for rows that nobody committed", transaction -> {
            List<Finding> found = new ArrayList<>();
            if (store.catalog().isStore(transaction)) {
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
        if (part.strangers() || !TableShape.exists(transaction, part.name())) {
            return List.of();
        }
        String subject = Sql.name(part.subject());
        return transaction.query(
                "SELECT s." + subject + ", s.rows FROM (SELECT " + subject + ", count(*) AS rows FROM " + part.name()
                        + " GROUP BY 1) s WHERE NOT EXISTS (SELECT 1 FROM "
                        + store.catalog().ledger()
                        + " l WHERE l.dataset = ? AND l.subject = s." + subject + ")",
                row -> new Finding(
                        Kind.ORPHAN,
                        part.name(),
                        List.of(),
                        row.getLong(2) + " rows of " + row.getString(1)
                                + ", of which the ledger knows nothing; delete them, or backfill the subject"),
                tables.dataset().name());
    }

    /** Those in units of a series that have no entry. */
    VerifyReport of(Series series) {
        List<Finding> findings = store.database().read("Looking for rows of " + series, transaction -> {
            Optional<RowTables> tables = store.catalog().find(transaction, series);
            return tables.isEmpty() ? List.<Finding>of() : uncommitted(transaction, tables.get(), series);
        });
        return new VerifyReport(0, 0, 0, findings);
    }

    private List<Finding> uncommitted(Transaction transaction, RowTables tables, Series series) throws SQLException {
        TablePart part = tables.first();
        if (part.strangers()) {
            return List.of();
        }
        CalendarUnit unit = series.cadence().unit();
        String step = unit == CalendarUnit.DAY ? "day" : unit == CalendarUnit.MONTH ? "month" : "year";
        return transaction.query(
                "SELECT to_char(u.start, 'YYYY-MM-DD'), u.rows FROM (SELECT date_trunc('" + step + "', "
                        + Sql.name(part.time()) + ") AS start, count(*) AS rows FROM " + part.name() + " WHERE "
                        + Sql.name(part.subject()) + " = ? GROUP BY 1) u WHERE NOT EXISTS (SELECT 1 FROM "
                        + store.catalog().ledger()
                        + " l WHERE l.dataset = ? AND l.subject = ? AND l.unit_start = u.start) ORDER BY 1",
                row -> new Finding(
                        Kind.ORPHAN,
                        part.name(),
                        List.of(),
                        row.getLong(2) + " rows of " + series + " in the " + step + " of " + row.getString(1)
                                + ", which has no ledger entry; delete them, or backfill the " + step),
                tables.label(series),
                series.dataset().name(),
                series.subject().toString());
    }
}
