package dev.candlewick.sink.clickhouse;

import dev.candlewick.CalendarUnit;
import dev.candlewick.Dataset;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import java.util.ArrayList;
import java.util.List;

/** Rows in units of which the ledger knows nothing: no reader sees them. Writing the unit again settles what they are. */
final class Orphans {

    private static final int MOST = 1_000;

    private final Server server;
    private final Tables tables;

    Orphans(Server server, Tables tables) {
        this.server = server;
        this.tables = tables;
    }

    /** Those of all datasets, a finding per unit. */
    VerifyReport all() {
        boolean ledger = tables.hasLedger();
        List<Finding> findings = new ArrayList<>();
        tables.held().forEach((table, dataset) -> findings.addAll(of(table, dataset, ledger)));
        return new VerifyReport(0, 0, 0, findings);
    }

    private List<Finding> of(String table, Dataset dataset, boolean ledger) {
        String subject = ClickHouseLayout.own(dataset, "subject");
        CalendarUnit unit = dataset.cadence().unit();
        String step = unit == CalendarUnit.DAY ? "day" : unit == CalendarUnit.MONTH ? "month" : "year";
        int digits = unit == CalendarUnit.DAY ? 10 : unit == CalendarUnit.MONTH ? 7 : 4;
        String label = "substring(toString(" + Sql.name(dataset.schema().time()) + "), 1, " + digits + ")";
        String owner = "CAST(" + Sql.name(subject) + ", 'String')";
        String committed = ledger
                ? " WHERE (" + owner + ", " + label + ") NOT IN (SELECT subject, substring(toString(unit_start), 1, "
                        + digits + ") FROM " + Ledger.TABLE + " WHERE dataset = " + Sql.text(dataset.name()) + ")"
                : "";
        return server
                .texts(
                        "Looking for rows that nobody committed",
                        3,
                        "SELECT " + owner + ", " + label + ", toString(count()) FROM " + Sql.name(table) + committed
                                + " GROUP BY 1, 2 ORDER BY 1, 2 LIMIT " + MOST)
                .stream()
                .map(row -> new Finding(
                        Kind.ORPHAN,
                        table,
                        List.of(),
                        row.get(2) + " rows of " + Failures.cut(row.get(0)) + "/" + Failures.cut(dataset.name())
                                + " in the " + step + " of " + row.get(1)
                                + ", of which the table '" + Ledger.TABLE + "' "
                                + (ledger ? "knows nothing" : "is not there")
                                + "; no reader sees them. Write the " + step + " again"))
                .toList();
    }
}
