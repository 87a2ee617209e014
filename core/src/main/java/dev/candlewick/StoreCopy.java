package dev.candlewick;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Brings what one store knows into another: rows, proven gaps with their evidence, answers, and rows set aside.
 *
 * <pre>{@code
 * CopyReport report = StoreCopy.from(parquet).to(postgres).build().copy(btc, TimeRange.year(2024));
 * StoreCopy.from(parquet).to(postgres).build().copy(parquet.series());    // everything
 * }</pre>
 *
 * <p>Each stretch of the range that the source knows, because rows are there or their absence is proven, afterwards stands
 * in the target as it stands in the source. Where the source knows nothing the target is left as it is: a copy never
 * deletes what the source merely does not have. Units of which both ledgers say the same are not read at all.
 *
 * <p>Every unit is read, written and committed by itself, or in a group where the target has {@linkplain Sink#group()
 * groups}: one that fails never stops the others, what is committed stays
 * when a copy is interrupted, and the same copy again goes on from there. A unit that either side changes meanwhile fails
 * as {@link Unavailable} and nothing of it is written.
 *
 * <p>Immutable and safe for many threads. Both stores stay open.
 */
public final class StoreCopy {

    private final Store from;
    private final Store to;
    private final int parallelism;
    private final LongSupplier ticker;
    private final BackfillListener listener;

    private StoreCopy(Builder settings) {
        this.from = settings.from;
        this.to = settings.to;
        this.parallelism = settings.parallelism;
        this.ticker = settings.ticker;
        this.listener = settings.listener;
    }

    /** Starts with the store that is read. */
    public static Origin from(Store from) {
        Objects.requireNonNull(from, "from");
        return new Origin(from);
    }

    /** What copying a series over a range would write. Reads both ledgers and no rows. */
    public CopyPlan plan(Series series, TimeRange range) {
        return plan(List.of(series), range);
    }

    /** What copying several series over a range would write. Reads both ledgers and no rows. */
    public CopyPlan plan(Collection<Series> series, TimeRange range) {
        SortedMap<Series, TimeRange> ranges = new TreeMap<>();
        series.forEach(one -> ranges.put(one, range));
        return plan(ranges);
    }

    /** What copying everything that the source knows of several series would write. Reads both ledgers and no rows. */
    public CopyPlan plan(Collection<Series> series) {
        SortedMap<Series, TimeRange> ranges = new TreeMap<>();
        for (Series one : series) {
            span(one).ifPresent(range -> ranges.put(one, range));
        }
        return plan(ranges);
    }

    /**
     * Copies every unit of the plan; blocks until all are done or have failed.
     *
     * <p>When the calling thread is interrupted the copy ends within five seconds, keeps what is committed, and throws with
     * the interrupt still set.
     *
     * @throws Cancelled when the calling thread was interrupted
     * @throws IllegalArgumentException when the plan was made for other stores
     */
    public CopyReport run(CopyPlan plan) {
        if (!plan.from().equals(from.name()) || !plan.to().equals(to.name())) {
            throw new IllegalArgumentException("The plan goes from " + plan.from() + " to " + plan.to()
                    + ", this copy from " + from.name() + " to " + to.name());
        }
        TimeRange whole =
                plan.ranges().values().stream().reduce(TimeRange::span).orElse(RowVerification.ALWAYS);
        BackfillPlan units = new BackfillPlan(
                from.name(),
                to.name(),
                List.copyOf(plan.ranges().keySet()),
                whole,
                plan.units(),
                Map.of(),
                "",
                planned -> plan.writeCosts());
        BackfillReport done = new BackfillRun(new CopyOrigin(from, to), to, units, parallelism, ticker, listener).run();
        return new CopyReport(
                plan,
                done.rowsAdded(),
                done.committed(),
                done.unchanged(),
                done.failed(),
                coverage(plan, done),
                done.duration());
    }

    /** {@link #run Runs} the {@link #plan(Series, TimeRange) plan} of a series over a range. */
    public CopyReport copy(Series series, TimeRange range) {
        return run(plan(series, range));
    }

    /** {@link #run Runs} the {@link #plan(Collection, TimeRange) plan} of several series over a range. */
    public CopyReport copy(Collection<Series> series, TimeRange range) {
        return run(plan(series, range));
    }

    /** {@link #run Runs} the {@link #plan(Collection) plan} of everything that the source knows of several series. */
    public CopyReport copy(Collection<Series> series) {
        return run(plan(series));
    }

    @Override
    public String toString() {
        return "Copy from " + from.name() + " to " + to.name();
    }

    private CopyPlan plan(SortedMap<Series, TimeRange> ranges) {
        List<PlannedUnit> units = new ArrayList<>();
        int equal = 0;
        for (Map.Entry<Series, TimeRange> each : ranges.entrySet()) {
            Series series = each.getKey();
            for (LedgerUnit unit : units(series, each.getValue())) {
                TimeRange part = unit.unit().intersection(each.getValue()).orElseThrow();
                if (!unit.isReadable()) {
                    // Planned all the same: the run meets the damage again and reports the unit as failed.
                    units.add(new PlannedUnit(
                            series, unit.unit(), TimeRanges.of(part), "its ledger is damaged", Estimate.unknown()));
                    continue;
                }
                CopyOrigin.Standing standing = new CopyOrigin.Standing(unit.entry(0), unit.entry(1));
                TimeRanges writes = standing.writes(part);
                if (standing.source().isEmpty()) {
                    continue;
                }
                if (standing.isSettled(part)) {
                    equal++;
                } else {
                    units.add(new PlannedUnit(
                            series,
                            unit.unit(),
                            writes,
                            "",
                            estimate(standing.source().get(), part)));
                }
            }
        }
        List<PlannedUnit> sorted = units.stream().sorted().toList();
        return new CopyPlan(
                from.name(), to.name(), ranges, sorted, equal, sorted.isEmpty() ? List.of() : to.writeCosts(sorted));
    }

    private List<LedgerUnit> units(Series series, TimeRange range) {
        LedgerUnit.Side source = new LedgerUnit.Side(from, series);
        try {
            return LedgerUnit.of(List.of(source, new LedgerUnit.Side(to, series)), range);
        } catch (Refused otherColumns) {
            // If it was the target, every unit of this series fails when it is run, and other series are copied.
            return LedgerUnit.of(List.of(source), range);
        }
    }

    // Only for telling how far the copy is.
    private static Estimate estimate(LedgerEntry entry, TimeRange part) {
        return part.contains(entry.unit()) && entry.rows() > 0
                ? new Estimate(Map.of(), 0, entry.rows(), java.util.OptionalLong.empty(), "")
                : Estimate.unknown();
    }

    private Optional<TimeRange> span(Series series) {
        return LedgerUnit.of(List.of(new LedgerUnit.Side(from, series)), RowVerification.ALWAYS).stream()
                .map(LedgerUnit::unit)
                .reduce(TimeRange::span);
    }

    private static Map<Series, Coverage> coverage(CopyPlan plan, BackfillReport done) {
        Map<Series, Coverage> coverage = new TreeMap<>();
        plan.ranges().forEach((series, range) -> {
            Coverage known = done.coverage().get(series);
            if (known != null) {
                coverage.put(series, new Coverage(series, range, known.present(), known.proven()));
            }
        });
        return coverage;
    }

    /** Where rows come from. */
    public static final class Origin {
        private final Store from;

        private Origin(Store from) {
            this.from = from;
        }

        /** Names the store that is written. */
        public Builder to(Store to) {
            Objects.requireNonNull(to, "to");
            return new Builder(from, to);
        }

        @Override
        public String toString() {
            return "Copy from " + from.name() + "; to(store) names what is written";
        }
    }

    /** Collects the options of a copy; all have defaults. Not safe for many threads. */
    public static final class Builder {

        // One unit is decoded while another is encoded or on its way to a server.
        private static final int DEFAULT_PARALLELISM = 2;
        private static final int MOST_PARALLELISM = 256;

        private final Store from;
        private final Store to;
        private int parallelism = DEFAULT_PARALLELISM;
        private LongSupplier ticker = System::nanoTime;
        private BackfillListener listener = new BackfillListener() {};

        private Builder(Store from, Store to) {
            this.from = from;
            this.to = to;
        }

        /** How many units are copied at once, 1 to 256; 2 unless told otherwise. */
        public Builder parallelism(int units) {
            if (units < 1 || units > MOST_PARALLELISM) {
                throw new IllegalArgumentException(
                        "Parallelism is 1 to " + MOST_PARALLELISM + " units at once, not " + units);
            }
            this.parallelism = units;
            return this;
        }

        /** A monotonic count of nanoseconds for durations and time left; {@link System#nanoTime} unless told otherwise. */
        public Builder ticker(LongSupplier nanoseconds) {
            this.ticker = nanoseconds;
            return this;
        }

        /** Who hears how the copy goes: a copy is told as a backfill from one store to the other. */
        public Builder listener(BackfillListener chosen) {
            this.listener = chosen;
            return this;
        }

        /** The copy. */
        public StoreCopy build() {
            return new StoreCopy(this);
        }

        @Override
        public String toString() {
            return "Copy from " + from.name() + " to " + to.name() + ", " + Words.count(parallelism, "unit")
                    + " at once; build() makes it";
        }
    }
}
