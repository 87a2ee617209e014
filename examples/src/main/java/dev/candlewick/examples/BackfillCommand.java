package dev.candlewick.examples;

import dev.candlewick.BackfillPlan;
import dev.candlewick.BackfillReport;
import dev.candlewick.Backfiller;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.util.Collection;
import java.util.List;

/** {@code candlewick backfill}: fetches what is missing, unit by unit, and says what is missing still. */
final class BackfillCommand implements Command {

    private static final Flag REFRESH =
            Flag.flagOnly("refresh", "ask first which stored units were published anew, and fetch those again");

    @Override
    public Usage usage() {
        return Usage.of("backfill", "Fetch what is missing, commit it unit by unit, report what is missing still.")
                .requiring(Flags.FROM, Flags.TO, Flags.SERIES, Flags.START, Flags.END)
                .allowing(Flags.PARALLELISM, Flags.ZONE, REFRESH)
                .noting("""
                        Ctrl-C is safe: what is committed stays, and the same command goes on from there.
                        Exit status: 0 every row is there; 3 done, and the gaps that remain are listed with their
                        reasons; 1 some units failed, the same command fetches them again.

                        Example:
                          candlewick backfill --from binance:spot --to parquet:data \\
                            --series BINANCE:SPOT_PAIR:BTC-USDT/candles:1m --start 2023-01-01 --end 2025-01-01""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        List<Series> series = Flags.series(arguments);
        TimeRange range = Flags.range(arguments);
        Flags.requirePlannable(series, range);
        ProgressReport progress = ProgressReport.on(console);
        try (Source source = Flags.source(arguments, console);
                Store store = Flags.store(Flags.TO, arguments, console)) {
            Backfiller.Builder builder =
                    Backfiller.from(source).to(store).clock(console.clock()).listener(progress);
            Flags.parallelism(arguments).ifPresent(units -> Flags.meaning(() -> builder.parallelism(units)));
            Backfiller backfiller = builder.build();
            if (arguments.has(REFRESH)) {
                BackfillPlan changed = backfiller.refresh(series, range);
                console.note(
                        changed.isEmpty()
                                ? "Upstream: nothing that is stored was published anew."
                                : "Upstream changed:\n" + changed);
                if (!changed.isEmpty()) {
                    BackfillReport refreshed = run(backfiller, changed, progress);
                    if (!refreshed.failed().isEmpty()) {
                        return end(refreshed, console);
                    }
                }
            }
            return end(run(backfiller, backfiller.plan(series, range), progress), console);
        }
    }

    private static BackfillReport run(Backfiller backfiller, BackfillPlan plan, ProgressReport progress) {
        try {
            return backfiller.run(plan);
        } finally {
            progress.clear();
        }
    }

    private static ExitCode end(BackfillReport report, Console console) {
        console.print(report + "\n");
        return switch (report.status()) {
            case COMPLETE -> ExitCode.DONE;
            case FAILED -> ExitCode.FAILED;
            case COMPLETE_WITH_GAPS -> {
                console.note(verdict(report.gaps().values().stream()
                        .flatMap(Collection::stream)
                        .toList()));
                yield ExitCode.DONE_WITH_GAPS;
            }
        };
    }

    private static String verdict(List<Gap> gaps) {
        if (gaps.stream().anyMatch(gap -> gap.reason() == GapReason.NOT_FETCHED)) {
            return "Gaps remain that the source was not asked for; the same command asks again.";
        }
        if (gaps.stream().anyMatch(gap -> gap.reason() == GapReason.NOT_YET_PUBLISHED)) {
            return "Gaps remain: part of the range is not published yet; run again later.";
        }
        if (gaps.stream().anyMatch(gap -> gap.reason() == GapReason.QUARANTINED)) {
            return "Gaps remain: rows arrived and were wrong. They are set aside with file, line and column in the"
                    + " store's ledger.";
        }
        return "Gaps remain, and each is proven: the source has nothing there. Running again asks for none of them"
                + " before its re-check time.";
    }
}
