package dev.candlewick.examples;

import java.util.List;

/** Everything for a range of days, one step after the other. What a step could not do, the next ones do without. */
final class PipelineStep implements TicksStep {

    @Override
    public ExitCode run(TicksJob job) throws Exception {
        CheckGapsStep check = new CheckGapsStep();
        ExitCode gaps = check.run(job);
        ExitCode code = ExitCode.DONE;
        if (gaps != ExitCode.DONE || job.settings().isForced()) {
            // Every worker makes sure of all days: the others may not have come to theirs.
            code = Steps.worse(code, new InstrumentsStep().run(job, job.days()));
        }
        for (TicksStep step : List.of(
                TickReportsStep.missing(), new TickDownloadStep(), FeaturesStep.hft(), new TicksValidationStep())) {
            ExitCode outcome = step.run(job);
            // What was missing when the reports were made is what the download is for.
            code = step instanceof TickReportsStep ? code : Steps.worse(code, outcome);
        }
        return code;
    }
}
