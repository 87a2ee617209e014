package dev.candlewick.examples;

import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.SeriesSummary;
import dev.candlewick.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code candlewick status}: what a store holds, series by series, from its ledger. */
final class StatusCommand implements Command {

    @Override
    public Usage usage() {
        return Usage.of("status", "Show what a store holds: rows, first and last, units, gaps by reason.")
                .requiring(Flags.STORE)
                .allowing(Flags.SERIES)
                .noting("Gaps are those between the first and the last unit of a series.");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) throws IOException {
        try (Store store = Flags.existingStore(arguments, console)) {
            List<Series> series = HeldSeries.of(store, arguments);
            AlignedTable table =
                    new AlignedTable(1).row("series", "rows", "first", "end", "units", "quarantined", "gaps");
            for (Series one : series) {
                table.row(line(SeriesSummary.of(store, one)));
            }
            StringBuilder text = new StringBuilder(series.isEmpty() ? store.name() + " is empty.\n" : table.render());
            DataFiles.of(arguments.required(Flags.STORE))
                    .ifPresent(files -> text.append(files).append('\n'));
            console.print(text.toString());
            return ExitCode.DONE;
        }
    }

    private static List<String> line(SeriesSummary summary) {
        if (summary.units() == 0) {
            return List.of(summary.series().toString(), "0", "-", "-", "0", "0", "nothing of it is here");
        }
        return List.of(
                summary.series().toString(),
                grouped(summary.rows()),
                summary.first().map(Instant::toString).orElse("-"),
                summary.end().map(Instant::toString).orElse("-"),
                grouped(summary.units()),
                grouped(summary.quarantined()),
                gaps(summary.gaps()));
    }

    private static String gaps(Map<GapReason, Long> reasons) {
        List<String> counts = new ArrayList<>();
        reasons.forEach((reason, count) -> counts.add(grouped(count) + " " + reason));
        return counts.isEmpty() ? "none" : String.join(", ", counts);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
