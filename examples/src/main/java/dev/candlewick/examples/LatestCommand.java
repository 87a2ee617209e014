package dev.candlewick.examples;

import dev.candlewick.Batch;
import dev.candlewick.Series;
import dev.candlewick.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code candlewick latest}: the last row of each series of a store. */
final class LatestCommand implements Command {

    @Override
    public Usage usage() {
        return Usage.of("latest", "Print the last row of each series of a store.")
                .requiring(Flags.STORE)
                .allowing(Flags.SERIES, Flags.FORMAT)
                .noting("""
                        Every series of the store unless --series is given. Formats: table (default), csv, json, as 'read'
                        has them; the first column names the series when there are several.""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        String format = Flags.format(arguments, "table", "csv", "json");
        try (Store store = Flags.existingStore(arguments, console)) {
            List<Series> series = HeldSeries.of(store, arguments);
            List<Batch> rows = new ArrayList<>();
            for (Series one : series) {
                Optional<Batch> latest = store.latest(one);
                latest.ifPresent(rows::add);
                if (latest.isEmpty()) {
                    console.note("Note: " + store.name() + " holds no row of " + one);
                }
            }
            RowFormat.requireOneSchema(series);
            if (!series.isEmpty()) {
                RowFormat printed = RowFormat.of(format, new TextOutput(console.out()), series.size());
                printed.begin(series.get(0).schema());
                rows.forEach(printed::rows);
                printed.end();
            }
            return ExitCode.DONE;
        }
    }
}
