package dev.candlewick;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What several stores' ledgers say of one unit of a series. */
final class LedgerUnit {

    // Where more is damaged than this it is the ledger itself, and asking on would find every unit of all time.
    private static final int MOST_DAMAGED = 64;

    private final TimeRange unit;
    private final List<Optional<LedgerEntry>> entries;
    private final Optional<Corrupt> damage;

    private LedgerUnit(TimeRange unit, List<Optional<LedgerEntry>> entries, Optional<Corrupt> damage) {
        this.unit = unit;
        this.entries = entries;
        this.damage = damage;
    }

    /** A store and the series as it is asked for there: with the columns that it holds. */
    record Side(Store store, Series series) {}

    TimeRange unit() {
        return unit;
    }

    /** What one of the sides that were asked says; nothing of a side that was not. */
    Optional<LedgerEntry> entry(int side) {
        return side < entries.size() ? entries.get(side) : Optional.empty();
    }

    /** Whether the ledgers could be read. */
    boolean isReadable() {
        return damage.isEmpty();
    }

    Optional<Corrupt> damage() {
        return damage;
    }

    /**
     * Every unit that touches the range and of which one of the stores knows anything, in time order. A damaged entry
     * makes its own unit unreadable and no other.
     *
     * @throws Corrupt when nothing of a ledger can be read
     */
    static List<LedgerUnit> of(List<Side> sides, TimeRange range) {
        return of(sides, range, new AtomicInteger());
    }

    private static List<LedgerUnit> of(List<Side> sides, TimeRange range, AtomicInteger damages) {
        try {
            Map<TimeRange, List<Optional<LedgerEntry>>> units = new TreeMap<>();
            for (int i = 0; i < sides.size(); i++) {
                Side side = sides.get(i);
                for (LedgerEntry entry : side.store().ledger(side.series(), range)) {
                    units.computeIfAbsent(entry.unit(), none -> unknown(sides.size()))
                            .set(i, Optional.of(entry));
                }
            }
            List<LedgerUnit> all = new ArrayList<>();
            units.forEach((unit, entries) -> all.add(new LedgerUnit(unit, entries, Optional.empty())));
            return all;
        } catch (Corrupt damaged) {
            return around(damaged, sides, range, damages);
        }
    }

    // A ledger is asked for as a whole; halving the range finds the damaged units in a few questions.
    private static List<LedgerUnit> around(Corrupt damaged, List<Side> sides, TimeRange range, AtomicInteger damages) {
        List<TimeRange> units = firstAndMiddle(sides.get(0).series(), range);
        if (units.size() == 1) {
            if (damages.incrementAndGet() > MOST_DAMAGED) {
                throw damaged;
            }
            return List.of(new LedgerUnit(units.get(0), unknown(sides.size()), Optional.of(damaged)));
        }
        TimeRange middle = units.get(1);
        List<LedgerUnit> all = new ArrayList<>(of(sides, TimeRange.of(range.start(), middle.start()), damages));
        all.addAll(of(sides, TimeRange.of(middle.start(), range.end()), damages));
        return all;
    }

    /** The unit that a range begins in and, when it goes on, one that begins nearer to its middle. */
    private static List<TimeRange> firstAndMiddle(Series series, TimeRange range) {
        CalendarUnit calendar = series.cadence().unit();
        TimeRange first = calendar.containing(range.start());
        if (first.contains(range) || !first.end().isBefore(range.end())) {
            return List.of(first);
        }
        TimeRange middle = calendar.containing(
                TimeRange.instant(range.startMicros() + (range.endMicros() - range.startMicros()) / 2));
        return List.of(first, middle.start().isAfter(range.start()) ? middle : calendar.containing(first.end()));
    }

    private static List<Optional<LedgerEntry>> unknown(int sides) {
        List<Optional<LedgerEntry>> none = new ArrayList<>();
        for (int i = 0; i < sides; i++) {
            none.add(Optional.empty());
        }
        return none;
    }
}
