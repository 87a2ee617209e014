package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.CalendarUnit;
import dev.candlewick.Dataset;
import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteGroup;
import dev.candlewick.spi.AppendCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes that share their load job and their transaction, those of each dataset for themselves. */
final class Group implements WriteGroup {

    private final StoreParts store;
    private final int mostUnits;
    private final long mostBytes;
    private final Map<Dataset, Part> parts = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private int units;
    private int adding;
    private boolean ended;

    Group(StoreParts store, int mostUnits, long mostBytes) {
        this.store = store;
        this.mostUnits = mostUnits;
        this.mostBytes = mostBytes;
    }

    /** The writes of one dataset. */
    private static final class Part {

        private final Tables.Held held;
        private final StagedFile file;
        private final List<Write> writes = new ArrayList<>();
        private final Map<TimeRange, Map<String, Ledger.Row>> before = new HashMap<>();

        Part(Tables.Held held) {
            this.held = held;
            this.file = new StagedFile(held.rows());
        }
    }

    @Override
    public void add(Batches batches) {
        try (batches) {
            Series series = batches.series();
            TimeRange range = batches.range();
            AppendCheck check = new AppendCheck(series, range);
            List<String> keys = keys(series, range);
            begin(series, range, keys);
            boolean done = false;
            try {
                Part part = part(series);
                Write write = new Write(
                        store, series, range, check, part.held, part.file, before(part, series, range), attempt(keys));
                try {
                    for (Batch batch : batches) {
                        write.append(batch);
                    }
                    write.end(batches.provenance());
                    done = true;
                } finally {
                    if (!done) {
                        write.close();
                    }
                }
                end(part, write, keys.size());
            } finally {
                finish(keys, done);
            }
        }
    }

    private static List<String> keys(Series series, TimeRange range) {
        CalendarUnit unit = series.cadence().unit();
        return unit.touching(range).stream()
                .map(each -> Ledger.key(series, each))
                .toList();
    }

    private synchronized void begin(Series series, TimeRange range, List<String> keys) {
        requireOpen();
        for (String key : keys) {
            if (taken.contains(key)) {
                throw new IllegalArgumentException("The group has a write of " + Failures.cut(key) + " already, so "
                        + range + " of " + Failures.cut(series) + " cannot be in it; commit it first");
            }
        }
        taken.addAll(keys);
        adding++;
    }

    private synchronized int attempt(List<String> keys) {
        return keys.stream()
                .mapToInt(key -> failures.getOrDefault(key, 0))
                .max()
                .orElse(0);
    }

    private synchronized void end(Part part, Write write, int more) {
        part.writes.add(write);
        units += more;
    }

    private synchronized void finish(List<String> keys, boolean done) {
        adding--;
        if (!done) {
            keys.forEach(key -> {
                taken.remove(key);
                failures.merge(key, 1, Integer::sum);
            });
        }
    }

    private Part part(Series series) {
        Tables.Held held = store.ready(series);
        synchronized (this) {
            return parts.computeIfAbsent(series.dataset(), unseen -> new Part(held));
        }
    }

    // Looked at once for all series of a dataset: a question each would take longer than the rows.
    private List<Ledger.Row> before(Part part, Series series, TimeRange range) {
        CalendarUnit unit = series.cadence().unit();
        List<TimeRange> touched = unit.touching(range);
        TimeRange span = touched.get(0).span(touched.get(touched.size() - 1));
        Map<String, Ledger.Row> rows;
        synchronized (part) {
            Map<String, Ledger.Row> known = part.before.get(span);
            if (known == null) {
                known = store.ledger().all(series.dataset(), span);
                part.before.put(span, known);
            }
            rows = known;
        }
        List<Ledger.Row> mine = new ArrayList<>();
        for (TimeRange each : touched) {
            Ledger.Row row = rows.get(Ledger.key(series, each));
            if (row != null) {
                mine.add(row);
            }
        }
        return mine;
    }

    @Override
    public synchronized int size() {
        return parts.values().stream().mapToInt(part -> part.writes.size()).sum();
    }

    @Override
    public synchronized boolean isFull() {
        long bytes = parts.values().stream().mapToLong(part -> part.file.size()).sum();
        return units >= mostUnits || bytes >= mostBytes;
    }

    @Override
    public List<Outcome> commit() {
        synchronized (this) {
            requireOpen();
            if (adding > 0) {
                throw new IllegalStateException(
                        adding + " writes are still being added to the group; commit it afterwards");
            }
            ended = true;
        }
        List<Outcome> outcomes = new ArrayList<>();
        try {
            for (Part part : parts.values()) {
                outcomes.addAll(commit(part));
            }
        } finally {
            drop();
        }
        outcomes.sort(Comparator.comparing(Outcome::series).thenComparing(Outcome::range));
        return List.copyOf(outcomes);
    }

    private List<Outcome> commit(Part part) {
        Map<Write, List<UnitTask>> tasks = new LinkedHashMap<>();
        List<UnitTask> all = new ArrayList<>();
        for (Write write : part.writes) {
            List<UnitTask> units = write.tasks();
            tasks.put(write, units);
            all.addAll(units);
        }
        Map<UnitTask, Commit.Result> results = new Commit(store, part.held, part.file).run(all);
        List<Outcome> outcomes = new ArrayList<>();
        tasks.forEach((write, units) -> outcomes.add(outcome(write, units, results)));
        return outcomes;
    }

    private static Outcome outcome(Write write, List<UnitTask> units, Map<UnitTask, Commit.Result> results) {
        try {
            return Outcome.done(write.series(), write.range(), UnitWriter.result(write, units, results));
        } catch (MarketDataException failed) {
            return Outcome.failed(write.series(), write.range(), failed);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            ended = true;
        }
        drop();
    }

    private synchronized void drop() {
        for (Part part : parts.values()) {
            part.writes.forEach(Write::close);
            part.file.close();
        }
        parts.clear();
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException(
                    "This group of writes to " + store.name() + " has been committed or closed; begin another");
        }
        store.requireOpen();
    }
}
