package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Coverage;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteGroup;
import dev.candlewick.WriteResult;
import dev.candlewick.spi.AppendCheck;
import dev.candlewick.spi.UnitChange;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A store that forgets everything with the process: the simplest one that passes {@code StoreContract}, for tests and
 * notebooks. Safe for many threads.
 */
public final class MemoryStore implements Store {

    private final String name;
    private final Clock clock;
    // Units are immutable and swapped whole, so a reader that took one keeps the old state or has the new.
    private final Map<String, Held> held = new TreeMap<>();
    private final int unitsOfAGroup;

    private MemoryStore(String name, Clock clock, int unitsOfAGroup) {
        this.name = name;
        this.clock = clock;
        this.unitsOfAGroup = unitsOfAGroup;
    }

    /** An empty store. */
    public static MemoryStore create() {
        return create(Clock.systemUTC());
    }

    /** An empty store whose ledger takes its times from a clock. */
    public static MemoryStore create(Clock clock) {
        return new MemoryStore("memory", clock, 0);
    }

    /** An empty store that commits writes in groups, of which each is full with that many. */
    public static MemoryStore grouping(int writes) {
        if (writes < 1) {
            throw new IllegalArgumentException("A group is full with 1 write or more, not " + writes);
        }
        return new MemoryStore("memory", Clock.systemUTC(), writes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean serves(Series series) {
        return !series.dataset().isFilled();
    }

    @Override
    public synchronized List<Series> series() {
        return held.values().stream().map(Held::series).sorted().toList();
    }

    @Override
    public synchronized List<LedgerEntry> ledger(Series series, TimeRange range) {
        return units(series, range).stream().map(Unit::entry).toList();
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!serves(series)) {
            throw new Refused(name + " holds no filled rows; read " + series.subject() + " without ':filled'");
        }
        List<Unit> units;
        synchronized (this) {
            units = units(series, range);
        }
        List<Batch> rows = new ArrayList<>();
        for (Unit unit : units) {
            unit.batches().stream()
                    .map(batch -> batch.within(range))
                    .filter(batch -> batch.rows() > 0)
                    .forEach(rows::add);
        }
        List<LedgerEntry> entries = units.stream().map(Unit::entry).toList();
        Provenance provenance = new Provenance(
                name,
                entries.stream().flatMap(entry -> entry.answers().stream()).toList(),
                Coverage.of(series, range, entries).proven(),
                entries.stream().flatMap(entry -> entry.quarantined().stream()).toList());
        return Batches.of(series, range, rows, provenance);
    }

    @Override
    public SinkWriter open(Series series, TimeRange range) {
        AppendCheck check = new AppendCheck(series, range);
        checkSchema(series);
        return new Writer(series, range, check);
    }

    @Override
    public Optional<WriteGroup> group() {
        return unitsOfAGroup == 0 ? Optional.empty() : Optional.of(new Group());
    }

    @Override
    public synchronized List<String> forget(Series series, TimeRange range) {
        List<Unit> gone = units(series, range);
        Held known = held.get(series.toString());
        if (known != null) {
            gone.forEach(unit -> known.units().remove(unit.entry().unit().start()));
            if (known.units().isEmpty()) {
                held.remove(series.toString());
            }
        }
        return gone.stream()
                .map(unit -> "dropped " + unit.entry().rows() + " rows of "
                        + unit.entry().unit())
                .toList();
    }

    @Override
    public String toString() {
        return name + ": " + series().size() + " series";
    }

    private synchronized void checkSchema(Series series) {
        Held known = held.get(series.toString());
        if (known != null && !known.series().equals(series)) {
            throw new Refused("Series " + series + " is stored in " + name + " with columns "
                    + known.series().schema() + "; it cannot take " + series.schema());
        }
    }

    private List<Unit> units(Series series, TimeRange range) {
        Held known = held.get(series.toString());
        if (known == null) {
            return List.of();
        }
        return known.units().values().stream()
                .filter(unit -> unit.entry().unit().overlaps(range))
                .toList();
    }

    private synchronized Map<TimeRange, Writes> writes(Series series, TimeRange range) {
        Map<TimeRange, Writes> writes = new HashMap<>();
        units(series, range).forEach(unit -> writes.put(unit.entry().unit(), unit.writes()));
        return writes;
    }

    /** What became of a unit; nothing comes of one of which nothing is known and the commit says nothing either. */
    private synchronized Optional<Commit> commit(
            Series series, TimeRange unit, TimeRange range, List<Batch> rows, Provenance provenance, Writes before) {
        checkSchema(series);
        Optional<Unit> previous = Optional.ofNullable(held.get(series.toString()))
                .flatMap(known -> Optional.ofNullable(known.units().get(unit.start())));
        TimeRange replaced = range.intersection(unit).orElseThrow();
        List<Batch> kept = new ArrayList<>();
        previous.ifPresent(old ->
                old.batches().forEach(batch -> add(kept, batch.slice(0, batch.firstRowFrom(replaced.startMicros())))));
        rows.forEach(batch -> add(kept, batch.within(replaced)));
        previous.ifPresent(old -> old.batches()
                .forEach(batch -> add(kept, batch.slice(batch.firstRowFrom(replaced.endMicros()), batch.rows()))));
        UnitLedger ledger = new UnitLedger(series, unit);
        kept.forEach(ledger::add);
        LedgerEntry entry = ledger.entry(previous.map(Unit::entry), range, provenance, clock.instant());
        UnitChange change = UnitChange.of(
                previous.map(Unit::entry), previous.map(Unit::writes).orElse(Writes.NONE), entry, range, before);
        if (change.isNothing()) {
            return Optional.empty();
        }
        if (change.isNoNews()) {
            return Optional.of(new Commit(previous.orElseThrow().entry(), 1));
        }
        held.computeIfAbsent(series.toString(), unseen -> new Held(series, new TreeMap<>()))
                .units()
                .put(unit.start(), new Unit(entry, change.writes(), List.copyOf(kept)));
        return Optional.of(new Commit(entry, 0));
    }

    private static void add(List<Batch> batches, Batch batch) {
        if (batch.rows() > 0) {
            batches.add(batch);
        }
    }

    private record Held(Series series, NavigableMap<Instant, Unit> units) {}

    private record Unit(LedgerEntry entry, Writes writes, List<Batch> batches) {}

    private record Commit(LedgerEntry entry, int unchanged) {}

    private final class Writer implements SinkWriter {

        private final Series series;
        private final TimeRange range;
        private final AppendCheck check;
        private final List<Batch> rows = new ArrayList<>();
        private final Map<TimeRange, Writes> before;
        private boolean ended;

        Writer(Series series, TimeRange range, AppendCheck check) {
            this.series = series;
            this.range = range;
            this.check = check;
            this.before = writes(series, range);
        }

        @Override
        public void append(Batch batch) {
            requireOpen();
            check.accept(batch);
            add(rows, batch);
        }

        @Override
        public WriteResult commit(Provenance provenance) {
            requireOpen();
            ended = true;
            List<LedgerEntry> entries = new ArrayList<>();
            int unchanged = 0;
            for (TimeRange unit : series.cadence().unit().touching(range)) {
                Optional<Commit> commit = MemoryStore.this.commit(
                        series, unit, range, rows, provenance, before.getOrDefault(unit, Writes.NONE));
                commit.map(Commit::entry).ifPresent(entries::add);
                unchanged += commit.map(Commit::unchanged).orElse(0);
            }
            return new WriteResult(check.rows(), entries, unchanged);
        }

        @Override
        public void close() {
            ended = true;
        }

        private void requireOpen() {
            if (ended) {
                throw new IllegalStateException("This writer of " + series + " has committed or is closed");
            }
        }
    }

    private final class Group implements WriteGroup {

        private final Map<TimeRange, Set<String>> claimed = new HashMap<>();
        private final List<Added> writes = new ArrayList<>();
        private boolean ended;

        @Override
        public void add(Batches batches) {
            try (batches) {
                Set<TimeRange> units = claim(batches.series(), batches.range());
                try {
                    SinkWriter writer = MemoryStore.this.open(batches.series(), batches.range());
                    batches.forEach(writer::append);
                    keep(new Added(batches.series(), batches.range(), writer, batches.provenance()));
                } catch (RuntimeException | Error failure) {
                    release(batches.series(), units);
                    throw failure;
                }
            }
        }

        private synchronized Set<TimeRange> claim(Series series, TimeRange range) {
            requireOpen();
            Set<TimeRange> units = Set.copyOf(series.cadence().unit().touching(range));
            for (TimeRange unit : units) {
                if (claimed.getOrDefault(unit, Set.of()).contains(series.toString())) {
                    throw new IllegalArgumentException("The group has a write of " + unit + " of " + series
                            + " already; write " + range + " in another group");
                }
            }
            units.forEach(unit ->
                    claimed.computeIfAbsent(unit, none -> new HashSet<>()).add(series.toString()));
            return units;
        }

        private synchronized void release(Series series, Set<TimeRange> units) {
            units.forEach(unit -> claimed.getOrDefault(unit, new HashSet<>()).remove(series.toString()));
        }

        private synchronized void keep(Added added) {
            requireOpen();
            writes.add(added);
        }

        @Override
        public synchronized int size() {
            return writes.size();
        }

        @Override
        public synchronized boolean isFull() {
            return writes.size() >= unitsOfAGroup;
        }

        @Override
        public synchronized List<Outcome> commit() {
            requireOpen();
            ended = true;
            writes.sort(Comparator.comparing(Added::series).thenComparing(Added::range));
            synchronized (MemoryStore.this) {
                return writes.stream().map(Added::commit).toList();
            }
        }

        @Override
        public synchronized void close() {
            ended = true;
        }

        private void requireOpen() {
            if (ended) {
                throw new IllegalStateException("This group of writes has committed or is closed");
            }
        }
    }

    private record Added(Series series, TimeRange range, SinkWriter writer, Provenance provenance) {

        WriteGroup.Outcome commit() {
            try {
                return WriteGroup.Outcome.done(series, range, writer.commit(provenance));
            } catch (MarketDataException failure) {
                return WriteGroup.Outcome.failed(series, range, failure);
            }
        }
    }
}
