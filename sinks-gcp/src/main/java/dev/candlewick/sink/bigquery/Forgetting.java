package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.JobException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.bigquery.Failures.JobFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

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
        Optional<Tables.Held> held = store.tables().held(series.dataset());
        if (held.isEmpty()) {
            return List.of();
        }
        RowsTable table = held.get().rows();
        List<TimeRange> touched = series.cadence().unit().touching(clamped(range));
        if (touched.isEmpty()) {
            return List.of();
        }
        TimeRange span = touched.get(0).span(touched.get(touched.size() - 1));
        Map<TimeRange, Long> units = new TreeMap<>(new Orphans(store).rowsByUnit(table, series, span));
        store.ledger().units(series, span).forEach(unit -> units.putIfAbsent(unit, 0L));
        List<String> gone = new ArrayList<>();
        List<TimeRange> all = new ArrayList<>(units.keySet());
        for (int from = 0; from < all.size(); from += MOST_UNITS) {
            List<TimeRange> some = all.subList(from, Math.min(all.size(), from + MOST_UNITS));
            drop(table, some);
            some.forEach(unit -> gone.add("dropped " + units.get(unit) + " rows of " + unit + " from " + table.name()));
        }
        return List.copyOf(gone);
    }

    // Ranges may reach further than any time that can be kept.
    private static TimeRange clamped(TimeRange range) {
        TimeRange storable = TimeRange.ofEpochMicros(Statement.FIRST_MICROS, Statement.LAST_MICROS);
        return range.intersection(storable).orElse(storable);
    }

    private void drop(RowsTable table, List<TimeRange> units) {
        String doing = "Forgetting " + units.get(0) + " of " + Failures.cut(series);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                Statement script = script(table, units);
                store.alone(
                        doing,
                        () -> store.warehouse()
                                .run(
                                        doing,
                                        script,
                                        "candlewick_forget_"
                                                + UUID.randomUUID().toString().replace("-", "")));
                return;
            } catch (JobFailed | BigQueryException | JobException failed) {
                if (!Failures.isConflict(failed)) {
                    throw store.warehouse().failures().of(doing, failed);
                }
                store.warehouse().pause(doing, attempt);
            }
        }
        throw new Unavailable(doing + " from " + store.name() + " gave way to other writers " + ATTEMPTS
                + " times. Nothing was changed; run again");
    }

    private Statement script(RowsTable table, List<TimeRange> units) {
        Statement script = new Statement();
        Replaced deleted = new Replaced(table);
        units.forEach(unit -> deleted.add(series.subject(), unit));
        script.add("BEGIN TRANSACTION;\nDELETE FROM " + store.tables().name(table) + " WHERE ")
                .add(deleted.condition(script) + ";\n");
        List<Ledger.Change> changes = units.stream()
                .map(unit -> new Ledger.Change(series, unit, Optional.empty(), Optional.empty()))
                .toList();
        store.ledger().replace(script, series.dataset(), changes, store.clock().instant());
        return script.add("COMMIT TRANSACTION;");
    }
}
