package dev.candlewick.examples;

import dev.candlewick.CopyPlan;
import dev.candlewick.CopyReport;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.StoreCopy;
import dev.candlewick.TimeRange;
import java.util.List;
import java.util.Optional;

/** {@code candlewick copy}: brings what one store knows into another. */
final class CopyCommand implements Command {

    private static final Flag FROM = Flag.of("from", "STORE", "the store that is read");
    private static final Flag TO = Flag.of("to", "STORE", "the store that is written");

    @Override
    public Usage usage() {
        return Usage.of("copy", "Copy rows, proven gaps and their evidence from one store to another.")
                .requiring(FROM, TO)
                .allowing(Flags.SERIES, Flags.ALL, Flags.START, Flags.END, Flags.PARALLELISM, Flags.ZONE)
                .noting("""
                        Without --start and --end everything that the source knows. What both stores know already is not
                        read; what the source knows nothing of is left as it is in the target. Ctrl-C is safe: the same
                        command goes on from there.
                        Exit status: 0 every row is there; 3 done, and the gaps that remain are listed with their
                        reasons; 1 some units failed, the same command copies them again.

                        Example:
                          candlewick copy --from parquet:data --to parquet:/backup/data --all""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Flags.requireSeriesOrAll(arguments);
        Optional<TimeRange> range = Flags.optionalRange(arguments);
        if (arguments.required(FROM).equals(arguments.required(TO))) {
            throw new UsageException("--from and --to name the same store");
        }
        range.ifPresent(over -> Flags.requirePlannable(Flags.commonSeries(arguments), over));
        ProgressReport progress = ProgressReport.ofCopy(console);
        try (Store from = Flags.existingStore(FROM, arguments, console);
                Store to = Flags.store(TO, arguments, console)) {
            StoreCopy.Builder builder = StoreCopy.from(from).to(to).listener(progress);
            Flags.parallelism(arguments).ifPresent(units -> Flags.meaning(() -> builder.parallelism(units)));
            StoreCopy copy = builder.build();
            List<Series> series = HeldSeries.of(from, arguments);
            range.ifPresent(over -> Flags.requirePlannable(series, over));
            CopyPlan plan = range.isPresent() ? copy.plan(series, range.get()) : copy.plan(series);
            return end(run(copy, plan, progress), console);
        }
    }

    private static CopyReport run(StoreCopy copy, CopyPlan plan, ProgressReport progress) {
        try {
            return copy.run(plan);
        } finally {
            progress.clear();
        }
    }

    private static ExitCode end(CopyReport report, Console console) {
        console.print(report + "\n");
        return switch (report.status()) {
            case COMPLETE -> ExitCode.DONE;
            case COMPLETE_WITH_GAPS -> ExitCode.DONE_WITH_GAPS;
            case FAILED -> ExitCode.FAILED;
        };
    }
}
