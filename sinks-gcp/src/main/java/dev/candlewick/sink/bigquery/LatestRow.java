package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.util.List;
import java.util.Optional;

/** The last row of the last unit that has any: the ledger is asked first, so that one partition is scanned and not all. */
final class LatestRow {

    private static final int ATTEMPTS = 10;

    private final StoreParts store;
    private final Series series;

    LatestRow(StoreParts store, Series series) {
        this.store = store;
        this.series = series;
    }

    Optional<Batch> find() {
        Optional<Ledger.Row> before = Optional.empty();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Ledger.Row> last = store.ledger().last(series);
            if (last.isEmpty()) {
                return Optional.empty();
            }
            Optional<Tables.Held> held = store.tables().held(series.dataset());
            if (held.isEmpty()) {
                throw store.ledger().tableGone(series);
            } else if (store.visible(held, List.of(last.get())).isEmpty()) {
                return Optional.empty();
            }
            store.tables().requireSame(series, held.get());
            RowsTable table = held.get().rows();
            Optional<Batch> row = RowPages.of(
                            store.warehouse(),
                            table,
                            series,
                            store.rows().selectLast(table, series, end(last.get()), last.get()))
                    .next();
            if (row.isPresent()) {
                return row;
            }
            String version = last.get().version();
            if (before.filter(row1 -> row1.version().equals(version)).isPresent()) {
                throw new Corrupt("The ledger of " + store.name() + " says that "
                        + last.get().entry() + ", but its table '" + table.name()
                        + "' has none of them. Forget the unit and fetch it again");
            }
            before = last;
        }
        throw new Unavailable("Reading the latest row of " + Failures.cut(series) + " from " + store.name()
                + " was given up: it was replaced " + ATTEMPTS + " times meanwhile. Read again");
    }

    /** Where the last row of a unit must be: its last slot on a grid, else anywhere. */
    private TimeRange end(Ledger.Row last) {
        LedgerEntry entry = last.entry();
        List<TimeRange> present = entry.present().asList();
        if (series.cadence() instanceof Cadence.Grid grid && !present.isEmpty()) {
            long end = present.get(present.size() - 1).endMicros();
            return TimeRange.ofEpochMicros(
                            grid.floor(end - 1), Math.max(end, entry.unit().endMicros()))
                    .intersection(entry.unit())
                    .orElse(entry.unit());
        }
        return entry.unit();
    }
}
