package dev.candlewick.examples;

import dev.candlewick.Coverage;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

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
                table.row(line(store, one));
            }
            StringBuilder text = new StringBuilder(series.isEmpty() ? store.name() + " is empty.\n" : table.render());
            DataFiles.of(arguments.required(Flags.STORE))
                    .ifPresent(files -> text.append(files).append('\n'));
            console.print(text.toString());
            return ExitCode.DONE;
        }
    }

    private static List<String> line(Store store, Series series) {
        List<LedgerEntry> entries = store.ledger(series, ParquetStores.ALWAYS);
        if (entries.isEmpty()) {
            return List.of(series.toString(), "0", "-", "-", "0", "0", "nothing of it is here");
        }
        TimeRanges present = entries.stream().map(LedgerEntry::present).reduce(TimeRanges.none(), TimeRanges::union);
        TimeRange span =
                entries.get(0).unit().span(entries.get(entries.size() - 1).unit());
        List<TimeRange> pieces = present.asList();
        return List.of(
                series.toString(),
                grouped(entries.stream().mapToLong(LedgerEntry::rows).sum()),
                pieces.isEmpty() ? "-" : pieces.get(0).start().toString(),
                pieces.isEmpty() ? "-" : pieces.get(pieces.size() - 1).end().toString(),
                grouped(entries.size()),
                grouped(entries.stream()
                        .mapToLong(entry -> entry.quarantined().size())
                        .sum()),
                gaps(Coverage.of(series, span, entries).gaps()));
    }

    private static String gaps(List<Gap> gaps) {
        Map<GapReason, Long> reasons = new TreeMap<>();
        gaps.forEach(gap -> reasons.merge(gap.reason(), 1L, Long::sum));
        List<String> counts = new ArrayList<>();
        reasons.forEach((reason, count) -> counts.add(grouped(count) + " " + reason));
        return counts.isEmpty() ? "none" : String.join(", ", counts);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
