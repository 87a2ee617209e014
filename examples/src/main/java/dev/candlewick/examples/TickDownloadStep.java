package dev.candlewick.examples;

import dev.candlewick.BackfillReport;
import dev.candlewick.Backfiller;
import dev.candlewick.FailedUnit;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.source.tardis.TardisSource;
import dev.candlewick.tick.ExpectedTicks;
import dev.candlewick.tick.TickReport;
import dev.candlewick.tick.TickStatus;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fetches the ticks that are open by the report of their day; those that fail stop nobody and are kept with their reason. */
final class TickDownloadStep implements TicksStep {

    @Override
    public ExitCode run(TicksJob job) {
        boolean onlyFree = job.days().stream().allMatch(day -> day.getDayOfMonth() == 1);
        List<TickStatus> all = new ArrayList<>();
        Tally tally = new Tally();
        for (LocalDate day : job.days()) {
            InstrumentCatalog catalog = job.catalog(day);
            List<ExpectedTicks> expected = job.expected(catalog, day);
            List<ExpectedTicks> wanted = wanted(job, day, expected);
            if (!wanted.isEmpty()) {
                if (!onlyFree) {
                    job.requireKey("downloading other days than the first of a month");
                }
                try (TardisSource tardis = job.tardis(catalog)) {
                    fetch(job, tardis, day, wanted, tally);
                }
            }
            all.addAll(job.reports().of(day, expected).statuses());
        }
        job.metrics().known(all);
        CoverageTable table = CoverageTable.of(all);
        job.print(
                job.printsJson()
                        ? "{\"mode\":\"download\",\"fetched\":" + tally.committed + ",\"rows\":" + tally.rows
                                + ",\"failed\":" + tally.failed + "," + table.json() + "}"
                        : String.format(
                                        Locale.ROOT,
                                        "download: %,d fetched with %,d rows, %,d failed; ",
                                        tally.committed,
                                        tally.rows,
                                        tally.failed)
                                + table.summary() + "\n"
                                + table.render(job.settings().shard()));
        return tally.failed > 0 ? ExitCode.FAILED : table.isComplete() ? ExitCode.DONE : ExitCode.DONE_WITH_GAPS;
    }

    private static final class Tally {
        private long committed;
        private long rows;
        private long failed;
    }

    private static List<ExpectedTicks> wanted(TicksJob job, LocalDate day, List<ExpectedTicks> expected) {
        if (job.settings().isForced()) {
            return expected.stream().filter(ExpectedTicks::isOffered).toList();
        }
        TickReport report = job.reports().of(day, expected);
        return report.open().stream().map(TickStatus::expected).toList();
    }

    private static void fetch(
            TicksJob job, TardisSource tardis, LocalDate day, List<ExpectedTicks> wanted, Tally tally) {
        Map<Series, ExpectedTicks> bySeries = new HashMap<>();
        List<TickStatus> failed = new ArrayList<>();
        for (ExpectedTicks each : wanted) {
            if (tardis.serves(each.series())) {
                bySeries.put(each.series(), each);
            } else {
                TickStatus unserved = TickStatus.failed(each, new Refused(tardis.refusal(each.series())));
                job.note(LogLevel.ERROR, "failed " + unserved);
                failed.add(unserved);
            }
        }
        Backfiller backfiller = Steps.backfiller(job, tardis, job.store());
        if (job.settings().isForced()) {
            backfiller.refresh(bySeries.keySet(), TicksJob.day(day)); // files that were published anew leave the cache
        }
        BackfillReport report = backfiller.fill(bySeries.keySet(), TicksJob.day(day));
        Optional<RuntimeException> keyUnknown = Optional.empty();
        Set<ExpectedTicks> tried = new HashSet<>(wanted);
        for (FailedUnit unit : report.failed()) {
            ExpectedTicks expected = bySeries.get(unit.unit().series());
            if (TicksListener.isKeyUnknown(unit.cause())) {
                keyUnknown = Optional.of(unit.cause());
                tried.remove(expected); // nobody looked at it: what failed there before is still what is known
            } else if (expected != null) {
                failed.add(TickStatus.failed(expected, unit.cause()));
                job.noteFailed(unit);
            }
        }
        job.reports().keepFailed(day, tried, failed);
        tally.committed += report.committed();
        tally.rows += report.rowsAdded();
        tally.failed += failed.size();
        if (keyUnknown.isPresent()) {
            throw keyUnknown.get(); // says nothing of these files, and everything of all others
        }
    }
}
