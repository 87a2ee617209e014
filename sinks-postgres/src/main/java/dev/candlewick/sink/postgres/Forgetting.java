package dev.candlewick.sink.postgres;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Drops rows and ledger entries of units, damaged or not. */
final class Forgetting {

    private final StoreParts store;
    private final Series series;

    Forgetting(StoreParts store, Series series) {
        this.store = store;
        this.series = series;
    }

    private record Found(Optional<RowTables> tables, List<TimeRange> units) {}

    List<String> forget(TimeRange range) {
        Found found = store.database()
                .read(
                        "Looking for units of " + Failures.shown(series),
                        transaction -> new Found(store.catalog().find(transaction, series), units(transaction, range)));
        List<String> gone = new ArrayList<>();
        for (TimeRange unit : found.units()) {
            RowTables tables = found.tables().orElseThrow();
            gone.add(store.database()
                    .write(
                            "Forgetting " + unit + " of " + Failures.shown(series),
                            store.lock(tables, series, unit),
                            transaction -> drop(transaction, tables, unit)));
        }
        return List.copyOf(gone);
    }

    // By the ledger's columns, as its records may be what is damaged; and by the rows, as entries may be what is gone.
    private List<TimeRange> units(Transaction transaction, TimeRange range) throws SQLException {
        Optional<RowTables> tables = store.catalog().find(transaction, series);
        if (tables.isEmpty()) {
            return List.of();
        }
        SortedSet<Instant> starts = new TreeSet<>(store.ledger().units(transaction, series));
        starts.addAll(new Orphans(store).unitsOfRows(transaction, tables.get(), series, range));
        List<TimeRange> units = new ArrayList<>();
        for (Instant start : starts) {
            TimeRange unit = series.cadence().unit().containing(start);
            if (unit.overlaps(range)) {
                units.add(unit);
            }
        }
        return units;
    }

    private String drop(Transaction transaction, RowTables tables, TimeRange unit) throws SQLException {
        long rows = 0;
        for (TablePart part : tables.parts()) {
            rows = transaction.update(tables.deleteOurs(part, series, unit));
        }
        store.ledger().drop(transaction, series, unit.start());
        store.tell(transaction, series, tables);
        return "dropped " + rows + " rows of " + unit + " from "
                + tables.first().name();
    }
}
