package dev.candlewick;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Turns gaps into units of work. Reads the store's ledger; only {@link #stale} asks upstream. */
final class BackfillPlanning {

    private final Source source;
    private final Store store;
    private final GapDetector detector;
    private final Clock clock;

    BackfillPlanning(Source source, Store store, GapDetector detector, Clock clock) {
        this.source = source;
        this.store = store;
        this.detector = detector;
        this.clock = clock;
    }

    BackfillPlan missing(Collection<Series> series, TimeRange range) {
        Instant now = clock.instant();
        List<PlannedUnit> units = new ArrayList<>();
        for (Series one : sorted(series)) {
            Units due = new Units(one);
            for (Gap gap : detector.detect(one, range, store.coverage(one, range))) {
                if (gap.isDue(now)) {
                    due.add(gap.range(), recheck(gap));
                }
            }
            units.addAll(due.planned());
        }
        return plan(series, range, units);
    }

    BackfillPlan stale(Collection<Series> series, TimeRange range) {
        Instant now = clock.instant();
        List<PlannedUnit> units = new ArrayList<>();
        for (Series one : sorted(series)) {
            Units due = new Units(one);
            for (Gap gap : detector.detect(one, range, store.coverage(one, range))) {
                if (gap.reason() != GapReason.NOT_FETCHED && gap.isDue(now)) {
                    due.add(gap.range(), recheck(gap));
                }
            }
            if (source instanceof Revisable upstream) {
                for (LedgerEntry entry : store.ledger(one, range)) {
                    // As a whole, also where the range ends inside: no unit holds rows of two versions.
                    upstream.changed(entry).ifPresent(reason -> due.add(fetched(entry), reason));
                }
            }
            units.addAll(due.planned());
        }
        return plan(series, range, units);
    }

    /** From the first to the last slot that the unit has an answer for. */
    private static TimeRange fetched(LedgerEntry entry) {
        List<TimeRange> known = new ArrayList<>(entry.present().asList());
        entry.gaps().forEach(gap -> known.add(gap.range()));
        List<TimeRange> sorted = TimeRanges.of(known).within(entry.unit()).asList();
        return sorted.isEmpty()
                ? entry.unit()
                : TimeRange.of(
                        sorted.get(0).start(), sorted.get(sorted.size() - 1).end());
    }

    private BackfillPlan plan(Collection<Series> series, TimeRange range, List<PlannedUnit> units) {
        Map<String, Long> budgets = new TreeMap<>();
        for (String lane : BackfillPlan.lanes(units)) {
            source.weightPerMinute(lane).ifPresent(weight -> budgets.put(lane, weight));
        }
        return new BackfillPlan(
                source.name(), store.name(), sorted(series), range, units, budgets, "", store::writeCosts);
    }

    private List<Series> sorted(Collection<Series> series) {
        List<Series> sorted = series.stream().distinct().sorted().toList();
        for (Series one : sorted) {
            if (!source.serves(one)) {
                throw new Refused(source.refusal(one));
            }
        }
        return sorted;
    }

    private static Optional<String> recheck(Gap gap) {
        return gap.reason() == GapReason.NOT_FETCHED
                ? Optional.empty()
                : Optional.of("was " + gap.reason() + ", due again since " + gap.recheckAt());
    }

    /** Gathers the stretches of one series by calendar unit. */
    private final class Units {

        private final Series series;
        private final Map<TimeRange, List<TimeRange>> missing = new LinkedHashMap<>();
        private final Map<TimeRange, Set<String>> reasons = new TreeMap<>();

        Units(Series series) {
            this.series = series;
        }

        void add(TimeRange range, String reason) {
            add(range, Optional.of(reason));
        }

        void add(TimeRange range, Optional<String> reason) {
            for (TimeRange unit : series.cadence().unit().touching(range)) {
                // From the first slot inside on, but never beyond the unit: a slot may end in the next one, and
                // a commit over that border would touch two units.
                range.intersection(unit)
                        .flatMap(part -> series.cadence().slots(part))
                        .flatMap(slots -> slots.intersection(unit))
                        .ifPresent(part -> {
                            missing.computeIfAbsent(unit, none -> new ArrayList<>())
                                    .add(part);
                            Set<String> known = reasons.computeIfAbsent(unit, none -> new LinkedHashSet<>());
                            reason.ifPresent(known::add);
                        });
            }
        }

        List<PlannedUnit> planned() {
            List<PlannedUnit> units = new ArrayList<>();
            missing.forEach((unit, parts) -> {
                TimeRanges ranges = TimeRanges.of(parts);
                Estimate estimate = ranges.asList().stream()
                        .map(part -> source.estimate(series, part))
                        .reduce(Estimate.unknown(), Estimate::plus);
                String reason = reasons.getOrDefault(unit, Set.of()).stream().collect(Collectors.joining("; "));
                units.add(new PlannedUnit(series, unit, ranges, reason, estimate));
            });
            return units;
        }
    }
}
