package dev.candlewick.sink.postgres;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Drops rows and ledger entries of units, damaged or not. */
final class Forgetting {

    private final StoreParts store;
    private final Series series;

    Forgetting(StoreParts store, Series series) {
        this.store = store;
        this.series = series;
    }

    List<String> forget(TimeRange range) {
        List<TimeRange> units =
                store.database().read("Looking for units of " + series, transaction -> units(transaction, range));
        List<String> gone = new ArrayList<>();
        for (TimeRange unit : units) {
            gone.add(store.database()
                    .write(
                            "Forgetting " + unit + " of " + series,
                            Database.lock(store.catalog().ledger() + " " + series + " " + unit.start()),
                            transaction -> drop(transaction, unit)));
        }
        return List.copyOf(gone);
    }

    // By the ledger's columns, as its records may be what is damaged.
    private List<TimeRange> units(Transaction transaction, TimeRange range) throws SQLException {
        if (store.catalog().find(transaction, series).isEmpty()) {
            return List.of();
        }
        List<TimeRange> units = new ArrayList<>();
        for (Instant start : store.ledger().units(transaction, series)) {
            TimeRange unit = series.cadence().unit().containing(start);
            if (unit.overlaps(range)) {
                units.add(unit);
            }
        }
        return units;
    }

    private String drop(Transaction transaction, TimeRange unit) throws SQLException {
        Optional<RowTables> tables = store.catalog().find(transaction, series);
        long rows = 0;
        for (TablePart part : tables.orElseThrow().parts()) {
            rows = transaction.update("DELETE FROM " + part.name() + " WHERE "
                    + part.within("", tables.get().label(series), unit.startMicros(), unit.endMicros()));
        }
        store.ledger().drop(transaction, series, unit.start());
        return "dropped " + rows + " rows of " + unit + " from "
                + tables.get().first().name();
    }
}
