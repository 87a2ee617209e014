package dev.candlewick.examples;

import dev.candlewick.CopyReport;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.StoreCopy;
import dev.candlewick.feature.HftDatasets;
import dev.candlewick.instrument.InstrumentCatalog;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Copies candles with features to BigQuery, a table for each timeframe; what is there already is not sent again. */
final class BigQueryUploadStep implements TicksStep {

    @Override
    public ExitCode run(TicksJob job) {
        TicksSettings settings = job.settings();
        if (settings.bigQuery().equals("bigquery:")
                && settings.variable("BIGQUERY_DATASET").isEmpty()) {
            throw new UsageException("bigquery-upload needs a place: " + TicksFlags.BIGQUERY
                    + " such as bigquery:PROJECT.DATASET, or BIGQUERY_DATASET with GCP_PROJECT_ID. Credentials are the file of"
                    + " GCP_CREDENTIALS_PATH, or Google's usual ones");
        }
        long rows = 0;
        long copied = 0;
        long failed = 0;
        boolean gaps = false;
        try (Store target = job.opened(settings.bigQuery())) {
            int parallel = settings.uploadsAtOnce()
                    .map(most -> Math.min(most, settings.workers()))
                    .orElse(settings.workers());
            StoreCopy copy = StoreCopy.from(job.store())
                    .to(target)
                    .parallelism(parallel)
                    .listener(job.listener())
                    .build();
            List<Series> series = series(job);
            if (!series.isEmpty()) {
                CopyReport report = copy.run(copy.plan(series, job.range()));
                report.failed().forEach(unit -> job.noteFailed(unit));
                rows = report.rows();
                copied = report.copied();
                failed = report.failed().size();
                gaps = !report.gaps().isEmpty();
            }
            job.print(
                    job.printsJson()
                            ? "{\"mode\":\"bigquery-upload\",\"rows\":" + rows + ",\"units\":" + copied + ",\"series\":"
                                    + series.size() + ",\"to\":" + JsonText.quote(target.name()) + ",\"failed\":"
                                    + failed + "}"
                            : String.format(
                                    Locale.ROOT,
                                    "bigquery-upload: %,d rows in %,d units of %,d series to %s, %,d failed",
                                    rows,
                                    copied,
                                    series.size(),
                                    target.name(),
                                    failed));
        }
        return failed > 0 ? ExitCode.FAILED : gaps ? ExitCode.DONE_WITH_GAPS : ExitCode.DONE;
    }

    /** The candles of this worker's share that are stored. */
    private static List<Series> series(TicksJob job) {
        Set<Series> asked = new TreeSet<>();
        for (LocalDate day : job.days()) {
            InstrumentCatalog catalog = job.catalog(day);
            job.instruments(catalog, day)
                    .forEach(each -> job.settings().timeframes().stream()
                            .map(interval -> new Series(each.key().subject(), HftDatasets.hft(interval)))
                            .filter(series -> !job.store()
                                    .ledger(series, TicksJob.day(day))
                                    .isEmpty())
                            .forEach(asked::add));
        }
        return List.copyOf(asked);
    }
}
