package dev.candlewick.examples;

import java.util.List;

/**
 * A day's whole schedule: instruments, reports, download, candles with features, upload where there is a BigQuery to upload
 * to, indicators.
 */
final class DailyStep implements TicksStep {

    @Override
    public ExitCode run(TicksJob job) throws Exception {
        ExitCode code = new InstrumentsStep().run(job, job.days());
        TickReportsStep.missing().run(job);
        code = Steps.worse(code, new TickDownloadStep().run(job));
        code = Steps.worse(code, FeaturesStep.hft().run(job));
        if (job.settings().uploads()) {
            code = Steps.worse(code, new BigQueryUploadStep().run(job));
        } else {
            job.note(LogLevel.INFO, "No BigQuery to upload to: neither --bigquery nor BIGQUERY_DATASET is given");
        }
        for (TicksStep step : List.of(FeaturesStep.mft(), TickReportsStep.available())) {
            code = Steps.worse(code, step.run(job));
        }
        return code;
    }
}
