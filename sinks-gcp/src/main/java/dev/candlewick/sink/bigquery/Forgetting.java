package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.JobException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.bigquery.Failures.JobFailed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Drops rows and ledger entries of units, damaged or not. */
final class Forgetting {

    private static final int ATTEMPTS = 20;
    private static final int MOST_UNITS = 100;

    private final StoreParts store;
    private final Series series;

    Forgetting(StoreParts store, Series series) {
        this.store = store;
        this.series = series;
    }

    List<String> forget(TimeRange range) {
        List<TimeRange> touched = series.cadence().unit().touching(clamped(range));
        if (touched.isEmpty()) {
            return List.of();
        }
        TimeRange span = touched.get(0).span(touched.get(touched.size() - 1));
        // A table that somebody dropped meanwhile must not be in the way of forgetting what it held.
        store.tables().forgetWhatIsKnown();
        Optional<RowsTable> table = store.tables().held(series.dataset()).map(Tables.Held::rows);
        Map<TimeRange, Long> units = new TreeMap<>();
        table.ifPresent(there -> units.putAll(new Orphans(store).rowsByUnit(there, series, span)));
        store.ledger().list(series, span).forEach(row -> units.putIfAbsent(row.unit(), 0L));
        List<String> gone = new ArrayList<>();
        List<TimeRange> all = new ArrayList<>(units.keySet());
        for (int from = 0; from < all.size(); from += MOST_UNITS) {
            List<TimeRange> some = all.subList(from, Math.min(all.size(), from + MOST_UNITS));
            drop(table, some);
            some.forEach(unit -> gone.add(dropped(table, unit, units.getOrDefault(unit, 0L))));
        }
        return List.copyOf(gone);
    }

    private String dropped(Optional<RowsTable> table, TimeRange unit, long rows) {
        return table.map(there -> "dropped " + rows + " rows of " + unit + " from " + there.name())
                .orElseGet(() -> "dropped the ledger entry of " + unit + ", whose table "
                        + store.tables().of(series.dataset()).name() + " is gone");
    }

    // Ranges may reach further than any time that can be kept.
    private static TimeRange clamped(TimeRange range) {
        TimeRange storable = TimeRange.ofEpochMicros(Statement.FIRST_MICROS, Statement.LAST_MICROS);
        return range.intersection(storable).orElse(storable);
    }

    private void drop(Optional<RowsTable> table, List<TimeRange> units) {
        String doing = "Forgetting " + units.get(0) + " of " + Failures.cut(series);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                store.transact(doing, script(table, units), "forget");
                return;
            } catch (JobFailed | BigQueryException | JobException failed) {
                if (Failures.message(failed).contains(Ledger.NO_FENCE)) {
                    store.fence(series.dataset());
                } else if (!isOvertaken(failed)) {
                    throw store.warehouse().failures().of(doing, failed);
                }
                store.warehouse().pause(doing, attempt);
            }
        }
        throw new Unavailable(doing + " from " + store.name() + " gave way to other writers " + ATTEMPTS
                + " times. Nothing was changed; run again");
    }

    private static boolean isOvertaken(RuntimeException failed) {
        return Failures.isConflict(failed) || Failures.message(failed).contains(Ledger.OVERTAKEN);
    }

    /** What drops the units as they are now: a script that arrives late must not take away what was committed after it. */
    private Statement script(Optional<RowsTable> table, List<TimeRange> units) {
        List<Ledger.Change> changes = changes(units);
        Statement script = new Statement();
        script.add("BEGIN TRANSACTION;\n");
        store.ledger().requireUnchanged(script, series.dataset(), changes);
        if (table.isPresent()) {
            Replaced deleted = new Replaced(table.get());
            units.forEach(unit -> deleted.add(series.subject(), unit));
            script.add("DELETE FROM " + store.tables().name(table.get()) + " WHERE ")
                    .add(deleted.condition(script) + ";\n");
        }
        store.ledger().replace(script, series.dataset(), changes, store.clock().instant());
        return script.add("COMMIT TRANSACTION;");
    }

    private List<Ledger.Change> changes(List<TimeRange> units) {
        TimeRange span = units.get(0).span(units.get(units.size() - 1));
        Map<TimeRange, Ledger.Row> rows = new HashMap<>();
        store.ledger().list(series, span).forEach(row -> rows.put(row.unit(), row));
        return units.stream()
                .map(unit -> new Ledger.Change(series, unit, Optional.ofNullable(rows.get(unit)), Optional.empty()))
                .toList();
    }
}
