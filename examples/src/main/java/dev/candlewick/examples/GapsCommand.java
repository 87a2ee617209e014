package dev.candlewick.examples;

import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code candlewick gaps}: every stretch without rows, and why. */
final class GapsCommand implements Command {

    /** A gap and whose it is. */
    private record Found(Series series, Gap gap) {}

    @Override
    public Usage usage() {
        return Usage.of("gaps", "List every stretch without rows, with its reason and evidence.")
                .requiring(Flags.STORE, Flags.SERIES, Flags.START, Flags.END)
                .allowing(Flags.FORMAT, Flags.ZONE)
                .noting("""
                        Formats: table (default), json: [{"start","end","reason","evidence"}], with "series" in front when
                        several were asked for.
                        Exit status: 0 no row is missing, 3 there are gaps.""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        TimeRange range = Flags.range(arguments);
        Flags.requirePlannable(Flags.commonSeries(arguments), range);
        String format = Flags.format(arguments, "table", "json");
        try (Store store = Flags.existingStore(arguments, console)) {
            List<Series> series = HeldSeries.asked(store, arguments);
            Flags.requirePlannable(series, range);
            List<Found> found = new ArrayList<>();
            for (Series one : series) {
                HeldSeries.require(store, one, range);
                store.coverage(one, range).gaps().forEach(gap -> found.add(new Found(one, gap)));
            }
            boolean named = series.size() > 1;
            console.print(format.equals("json") ? json(found, named) : table(found, named));
            return found.isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_GAPS;
        }
    }

    private static String json(List<Found> found, boolean named) {
        List<String> objects = new ArrayList<>();
        for (Found each : found) {
            Gap gap = each.gap();
            objects.add("{"
                    + (named ? "\"series\":" + JsonText.quote(each.series().toString()) + "," : "")
                    + "\"start\":" + JsonText.quote(gap.range().start().toString())
                    + ",\"end\":" + JsonText.quote(gap.range().end().toString())
                    + ",\"reason\":" + JsonText.quote(gap.reason().toString())
                    + ",\"evidence\":" + JsonText.quote(gap.evidence()) + "}");
        }
        return objects.isEmpty() ? "[]\n" : "[\n" + String.join(",\n", objects) + "\n]\n";
    }

    private static String table(List<Found> found, boolean named) {
        if (found.isEmpty()) {
            return "No gaps.\n";
        }
        AlignedTable table = new AlignedTable(Integer.MAX_VALUE);
        Map<GapReason, Long> reasons = new TreeMap<>();
        table.row(cells(named, "series", "start", "end", "reason", "evidence"));
        for (Found each : found) {
            Gap gap = each.gap();
            reasons.merge(gap.reason(), 1L, Long::sum);
            table.row(cells(
                    named,
                    each.series().toString(),
                    gap.range().start().toString(),
                    gap.range().end().toString(),
                    gap.reason().toString(),
                    gap.evidence()));
        }
        List<String> counts = new ArrayList<>();
        reasons.forEach((reason, count) -> counts.add(String.format(Locale.ROOT, "%,d %s", count, reason)));
        return table.render()
                + String.format(Locale.ROOT, "%,d %s: ", found.size(), found.size() == 1 ? "gap" : "gaps")
                + String.join(", ", counts) + "\n";
    }

    private static List<String> cells(boolean named, String series, String... others) {
        List<String> cells = new ArrayList<>();
        if (named) {
            cells.add(series);
        }
        for (String other : others) {
            // Evidence may quote a venue's answer; a table keeps one gap on one line.
            cells.add(other.replaceAll("\\s*\\R\\s*", " "));
        }
        return cells;
    }
}
