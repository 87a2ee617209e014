package dev.candlewick;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a backfill would fetch, unit by unit, and what that costs; making one asks nobody. A pure function of the series,
 * the range and the store's ledger: equal on every machine, so that shards of it can run anywhere. Immutable; prints
 * well.
 */
public final class BackfillPlan {

    private static final int UNITS_SHOWN = 12;

    private final String source;
    private final String store;
    private final List<Series> series;
    private final TimeRange range;
    private final List<PlannedUnit> units;
    private final Map<String, Long> weightPerMinute;
    private final String shard;
    private final Function<List<PlannedUnit>, List<String>> costing;
    private final List<String> writeCosts;

    BackfillPlan(
            String source,
            String store,
            List<Series> series,
            TimeRange range,
            List<PlannedUnit> units,
            Map<String, Long> weightPerMinute,
            String shard,
            Function<List<PlannedUnit>, List<String>> costing) {
        this.source = source;
        this.store = store;
        this.series = List.copyOf(series);
        this.range = range;
        this.units = units.stream().sorted().toList();
        this.weightPerMinute = new TreeMap<>(weightPerMinute);
        this.shard = shard;
        this.costing = costing;
        this.writeCosts = this.units.isEmpty() ? List.of() : List.copyOf(costing.apply(this.units));
    }

    /** The name of the source that is asked. */
    public String source() {
        return source;
    }

    /** The name of the store that is filled. */
    public String store() {
        return store;
    }

    /** The series asked for, sorted, also those with nothing to do. */
    public List<Series> series() {
        return series;
    }

    /** The range asked for. */
    public TimeRange range() {
        return range;
    }

    /** What is fetched, in the order it is started: forward in time, series interleaved. */
    public List<PlannedUnit> units() {
        return units;
    }

    /** Whether nothing is to be done. */
    public boolean isEmpty() {
        return units.isEmpty();
    }

    /** Whether this is one {@link #shard} of a greater plan. */
    public boolean isShard() {
        return !shard.isEmpty();
    }

    /** What everything together costs. Its lane is that of the first unit; see {@link #weightByLane}. */
    public Estimate estimate() {
        return total(units);
    }

    /** What one series costs. */
    public Estimate estimate(Series one) {
        return total(units.stream().filter(unit -> unit.series().equals(one)).toList());
    }

    /** The request weight drawn from each lane, sorted by lane. */
    public Map<String, Long> weightByLane() {
        Map<String, Long> weights = new TreeMap<>();
        for (PlannedUnit unit : units) {
            weights.merge(unit.lane(), unit.estimate().weight(), Long::sum);
        }
        return weights;
    }

    /**
     * What writing the units uses up of the store's quotas or money, a line each for people, as the store worked it out
     * when this plan was made; empty when nothing is counted. No part of what makes plans equal.
     */
    public List<String> writeCosts() {
        return writeCosts;
    }

    /**
     * The least time that the request budgets allow, whole minutes rounded up; lanes are drawn on side by side. Empty
     * when no lane with a known budget is drawn on.
     */
    public Optional<Duration> expected() {
        long minutes = 0;
        for (Map.Entry<String, Long> lane : weightByLane().entrySet()) {
            Long budget = weightPerMinute.get(lane.getKey());
            if (budget != null && budget > 0) {
                minutes = Math.max(minutes, -Math.floorDiv(-lane.getValue(), budget));
            }
        }
        return minutes == 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(minutes));
    }

    /**
     * The units that worker {@code index} of {@code count} runs: shards are disjoint, together they are this plan, and a
     * unit falls to the same worker on every machine.
     *
     * @param index from 0 to {@code count - 1}
     */
    public BackfillPlan shard(int index, int count) {
        if (count < 1 || index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "Shards of " + count + " count from 0 to " + (count - 1) + ", not " + index);
        }
        List<PlannedUnit> mine = units.stream()
                .filter(unit -> Long.remainderUnsigned(fnv1a(identity(unit)), count) == index)
                .toList();
        return new BackfillPlan(
                source, store, series, range, mine, weightPerMinute, "shard " + index + " of " + count, costing);
    }

    /** 16 hex digits that follow from what is fetched: workers compare them to know that they share one plan. */
    public String hash() {
        StringBuilder text = new StringBuilder();
        for (PlannedUnit unit : units) {
            text.append(identity(unit)).append(' ').append(unit.missing()).append('\n');
        }
        return String.format("%016x", fnv1a(text.toString()));
    }

    /** Equal when the same stretches of the same series go from the same source to the same store. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BackfillPlan that
                && source.equals(that.source)
                && store.equals(that.store)
                && series.equals(that.series)
                && range.equals(that.range)
                && units.equals(that.units)
                && shard.equals(that.shard);
    }

    @Override
    public int hashCode() {
        return units.hashCode();
    }

    /** The plan as a page of text: totals, then each series with its units, missing stretches and costs. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Plan ")
                .append(hash())
                .append(shard.isEmpty() ? "" : ", " + shard)
                .append(": ")
                .append(source)
                .append(" → ")
                .append(store)
                .append(", ")
                .append(range);
        if (units.isEmpty()) {
            return text.append("\nNothing to do: every row that is due is there or proven absent.")
                    .toString();
        }
        text.append('\n').append(costs(units, estimate()));
        expected().ifPresent(time -> text.append(", at least ").append(Words.duration(time)));
        weightByLane().forEach((lane, weight) -> {
            Long budget = weightPerMinute.get(lane);
            if (weight > 0 && !lane.isEmpty()) {
                text.append("\n  lane ").append(lane).append(": weight ").append(Words.grouped(weight));
                text.append(budget == null ? "" : " at " + Words.grouped(budget) + " a minute");
            }
        });
        writeCosts.forEach(cost -> text.append("\n  writing: ").append(cost));
        for (Series one : series) {
            List<PlannedUnit> own =
                    units.stream().filter(unit -> unit.series().equals(one)).toList();
            text.append('\n').append(one).append(": ");
            text.append(own.isEmpty() ? "nothing to do" : costs(own, estimate(one)));
            for (PlannedUnit unit : own.subList(0, Math.min(UNITS_SHOWN, own.size()))) {
                text.append("\n  ").append(line(unit));
            }
            if (own.size() > UNITS_SHOWN) {
                text.append("\n  … and ").append(own.size() - UNITS_SHOWN).append(" more to ");
                text.append(own.get(own.size() - 1).label());
            }
        }
        return text.toString();
    }

    private static String line(PlannedUnit unit) {
        List<TimeRange> missing = unit.missing().asList();
        String what = missing.equals(List.of(unit.unit()))
                ? "all of it"
                : missing.size() <= 3
                        ? String.join(
                                ", ", missing.stream().map(TimeRange::toString).toList())
                        : missing.get(0) + " … " + missing.get(missing.size() - 1) + " (" + missing.size()
                                + " stretches)";
        return unit.label() + "  " + what + (unit.reason().isEmpty() ? "" : "  " + unit.reason());
    }

    private static String costs(List<PlannedUnit> units, Estimate estimate) {
        List<String> parts = new ArrayList<>();
        parts.add(Words.count(units.size(), "unit"));
        if (estimate.rows() > 0) {
            parts.add(Words.count(estimate.rows(), "row"));
        }
        if (!estimate.requests().isEmpty()) {
            List<String> routes = new ArrayList<>();
            estimate.requests().forEach((route, count) -> routes.add(Words.grouped(count) + " " + route));
            parts.add(Words.count(estimate.requestCount(), "request") + " (" + String.join(", ", routes) + ")");
        }
        if (estimate.weight() > 0) {
            parts.add("weight " + Words.grouped(estimate.weight()));
        }
        estimate.bytes().ifPresent(bytes -> parts.add(Words.bytes(bytes)));
        return String.join(", ", parts);
    }

    private static Estimate total(List<PlannedUnit> units) {
        return units.stream().map(PlannedUnit::estimate).reduce(Estimate.unknown(), Estimate::plus);
    }

    private static String identity(PlannedUnit unit) {
        return unit.series() + "|" + unit.label();
    }

    // Fixed for ever: workers of different releases must agree on whose unit it is. FNV-1a, 64 bits, then the finish of
    // MurmurHash3, because the low bits of FNV-1a alone spread short texts unevenly over small counts.
    private static long fnv1a(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }

    /** The lanes drawn on, sorted. */
    static List<String> lanes(List<PlannedUnit> units) {
        return List.copyOf(new TreeSet<>(units.stream().map(PlannedUnit::lane).toList()));
    }
}
