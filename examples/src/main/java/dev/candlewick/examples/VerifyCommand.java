package dev.candlewick.examples;

import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.VerifyReport;
import java.util.ArrayList;
import java.util.List;

/** {@code candlewick verify}: proves again that everything stored is what was committed. */
final class VerifyCommand implements Command {

    private static final Flag REPAIR =
            Flag.flagOnly("repair", "drop damaged units, so that the next backfill fetches them again");

    @Override
    public Usage usage() {
        return Usage.of("verify", "Read every row of a store and prove it against the ledger.")
                .requiring(Flags.STORE)
                .allowing(Flags.SERIES, REPAIR)
                .noting("""
                        Names every damaged unit; of Parquet files also the file, column and row group where known.
                        Exit status: 0 sound, 1 damage was found.""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        String address = arguments.required(Flags.STORE);
        HeldSeries.requireStore(address);
        try (Store store = Flags.store(Flags.STORE, arguments, console)) {
            List<VerifyReport> reports = new ArrayList<>();
            if (arguments.has(Flags.SERIES)) {
                for (Series series : HeldSeries.of(store, arguments)) {
                    reports.add(store.verify(series));
                }
            } else {
                reports.add(store.verify());
            }
            if (reports.stream().allMatch(report -> report.findings().isEmpty())) {
                // Of a store whose ledger is lost no series is known, but its rows are found; here there is nothing at
                // all.
                HeldSeries.requireBegun(address, store);
            }
            reports.forEach(report -> console.print(report + "\n"));
            if (reports.stream().allMatch(VerifyReport::isSound)) {
                return ExitCode.DONE;
            }
            List<VerifyReport.Unit> damaged = reports.stream()
                    .flatMap(report -> report.refetch().stream())
                    .distinct()
                    .toList();
            if (arguments.has(REPAIR)) {
                Repair.of(store, damaged, console);
            } else if (!damaged.isEmpty()) {
                console.note("To heal: run the same command with --repair, then the backfill again.");
            }
            return ExitCode.FAILED;
        }
    }
}
