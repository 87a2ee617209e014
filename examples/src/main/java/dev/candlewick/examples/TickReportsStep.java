package dev.candlewick.examples;

import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.tick.TickReport;
import dev.candlewick.tick.TickReports;
import dev.candlewick.tick.TickStatus;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** What of each day is stored and what is not, with the reasons; kept in the store, and summed up. */
final class TickReportsStep implements TicksStep {

    private enum Kind {
        MISSING,
        AVAILABLE
    }

    private final Kind kind;

    private TickReportsStep(Kind kind) {
        this.kind = kind;
    }

    static TickReportsStep missing() {
        return new TickReportsStep(Kind.MISSING);
    }

    static TickReportsStep available() {
        return new TickReportsStep(Kind.AVAILABLE);
    }

    @Override
    public ExitCode run(TicksJob job) {
        TickReports reports = job.reports();
        List<TickStatus> all = new ArrayList<>();
        for (LocalDate day : job.days()) {
            InstrumentCatalog catalog = job.catalog(day);
            TickReport report = reports.of(day, job.expected(catalog, day));
            if (kind == Kind.MISSING) {
                reports.keepMissing(report);
            } else {
                reports.keepAvailable(report);
            }
            all.addAll(report.statuses());
            job.note(LogLevel.DEBUG, report.toString());
        }
        job.metrics().known(all);
        CoverageTable table = CoverageTable.of(all);
        String mode = kind == Kind.MISSING ? "missing-tick-reports" : "available-tick-reports";
        job.print(
                job.printsJson()
                        ? "{\"mode\":" + JsonText.quote(mode) + "," + table.json() + "}"
                        : mode + ": " + table.summary() + "\n"
                                + table.render(job.settings().shard()));
        boolean open = all.stream().anyMatch(TickStatus::isOpen);
        return kind == Kind.MISSING && open ? ExitCode.DONE_WITH_GAPS : ExitCode.DONE;
    }
}
