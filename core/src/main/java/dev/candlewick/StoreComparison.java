package dev.candlewick;

import dev.candlewick.spi.SlotRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Says in what two stores differ, row by row and column by column, however many rows there are.
 *
 * <pre>{@code
 * StoreComparison.of(parquet, postgres).compare(btc, TimeRange.year(2024))          // every row
 * StoreComparison.of(parquet, postgres).compareLedgers(btc, TimeRange.year(2024))   // hashes only, in milliseconds
 * StoreComparison.of(BinanceSource.spot(), parquet).compare(btc, day)               // what is stored with the venue
 * }</pre>
 *
 * <p>Both sides are read side by side and merged by time and key; in memory are a batch of each side and the rows of one
 * instant. Values are compared exactly: decimals by their digits, floating-point numbers bit by bit.
 *
 * <p>Immutable and safe for many threads. Both sides stay open.
 */
public final class StoreComparison {

    private static final int DEFAULT_SHOWN = 20;

    private final Source left;
    private final Source right;
    private final int shown;

    private StoreComparison(Source left, Source right, int shown) {
        this.left = left;
        this.right = right;
        this.shown = shown;
    }

    /** The comparison of two stores, or of any two sources; keeps the first 20 differences of a series. */
    public static StoreComparison of(Source left, Source right) {
        Objects.requireNonNull(left, "left");
        Objects.requireNonNull(right, "right");
        return new StoreComparison(left, right, DEFAULT_SHOWN);
    }

    /** The same comparison, keeping another number of differences; all are counted whatever is kept. */
    public StoreComparison showing(int differences) {
        if (differences < 0) {
            throw new IllegalArgumentException("Differences to keep are 0 or more, not " + differences);
        }
        return new StoreComparison(left, right, differences);
    }

    /**
     * Compares every row of a series whose time lies in the range, and what is missing of it.
     *
     * <p>What a store lacks is what its ledger says. Any other source lacks what it gave no row of, for the reason that it
     * gave when it was read.
     *
     * @throws MarketDataException when a side cannot be read; says nothing about the other
     */
    public SeriesComparison compare(Series series, TimeRange range) {
        Series leftSeries = held(left, series, range);
        Series rightSeries = held(right, series, range);
        RowComparison rows = new RowComparison(leftSeries.schema(), rightSeries.schema(), shown);
        Presence leftPresence = Presence.of(leftSeries, range);
        Presence rightPresence = Presence.of(rightSeries, range);
        List<Gap> leftGaps;
        List<Gap> rightGaps;
        try (Batches leftRows = left.read(leftSeries, range);
                Batches rightRows = right.read(rightSeries, range)) {
            rows.compare(leftPresence.watching(leftRows), rightPresence.watching(rightRows));
            leftGaps = gaps(left, leftSeries, leftPresence, leftRows);
            rightGaps = gaps(right, rightSeries, rightPresence, rightRows);
        }
        return new SeriesComparison(
                series,
                range,
                rows.equal(),
                rows.onlyLeft(),
                rows.onlyRight(),
                rows.differing(),
                rows.differingByField(),
                rows.reordered(),
                rows.differences(),
                without(leftGaps, rightGaps),
                without(rightGaps, leftGaps),
                rows.schema());
    }

    /**
     * Compares the ledgers only: every unit that the range touches, by the content hash of its rows.
     *
     * @throws IllegalStateException when a side is no store and so has no ledger
     */
    public LedgerComparison compareLedgers(Series series, TimeRange range) {
        if (!(left instanceof Store leftStore) || !(right instanceof Store rightStore)) {
            throw new IllegalStateException("Only stores have ledgers; compare the rows of " + left.name() + " and "
                    + right.name() + " instead");
        }
        int equal = 0;
        List<LedgerComparison.UnitDifference> differences = new ArrayList<>();
        for (LedgerUnit unit : sides(leftStore, rightStore, series, range)) {
            String onLeft = rows(unit, 0);
            String onRight = rows(unit, 1);
            if (unit.isReadable() && identity(unit, 0).equals(identity(unit, 1))) {
                equal++;
            } else {
                differences.add(new LedgerComparison.UnitDifference(unit.unit(), onLeft, onRight));
            }
        }
        return new LedgerComparison(series, range, equal, differences);
    }

    @Override
    public String toString() {
        return "Comparison of " + left.name() + " with " + right.name();
    }

    /** The series with the columns that a side holds, which may not be those that were asked for. */
    private static Series held(Source side, Series series, TimeRange range) {
        if (!(side instanceof Store store)) {
            return series;
        }
        try {
            return store.ledger(series, range).stream()
                    .findFirst()
                    .map(LedgerEntry::series)
                    .orElse(series);
        } catch (Refused otherColumns) {
            return store.series().stream()
                    .filter(one -> one.toString().equals(series.toString()))
                    .findFirst()
                    .orElseThrow(() -> otherColumns);
        } catch (Corrupt damaged) {
            return series; // what is damaged is said of its unit, or when its rows are read
        }
    }

    private static List<LedgerUnit> sides(Store left, Store right, Series series, TimeRange range) {
        return LedgerUnit.of(
                List.of(
                        new LedgerUnit.Side(left, held(left, series, range)),
                        new LedgerUnit.Side(right, held(right, series, range))),
                range);
    }

    private static List<Gap> gaps(Source side, Series series, Presence presence, Batches read) {
        return side instanceof Store store
                ? store.coverage(series, read.range()).gaps()
                : presence.coverage(read.provenance()).gaps();
    }

    /** What of these gaps the others do not name with the same reason. */
    private static List<Gap> without(List<Gap> gaps, List<Gap> others) {
        List<Gap> left = new ArrayList<>();
        for (GapReason reason : GapReason.values()) {
            TimeRanges named = TimeRanges.of(others.stream()
                    .filter(gap -> gap.reason() == reason)
                    .map(Gap::range)
                    .toList());
            List<Gap> mine = gaps.stream().filter(gap -> gap.reason() == reason).toList();
            mine.forEach(gap -> TimeRanges.of(gap.range()).minus(named).forEach(part -> left.add(gap.over(part))));
        }
        left.sort(null);
        return left;
    }

    // No entry and an entry without rows name the same rows: none.
    private static String identity(LedgerUnit unit, int side) {
        return unit.entry(side)
                .filter(entry -> entry.rows() > 0)
                .map(entry -> entry.rows() + " " + entry.contentHash())
                .orElse("");
    }

    private static String rows(LedgerUnit unit, int side) {
        if (!unit.isReadable()) {
            return unit.damage().map(Corrupt::getMessage).orElse("damaged");
        }
        Optional<LedgerEntry> entry = unit.entry(side);
        return entry.map(known -> Words.count(known.rows(), "row") + ", hash "
                        + known.contentHash()
                                .substring(0, Math.min(12, known.contentHash().length())))
                .orElse("nothing");
    }

    /** Notes which slots the rows of a side fall into while they go by. */
    private static final class Presence {

        private final Series series;
        private final TimeRange range;
        private final Optional<SlotRuns> slots;

        private Presence(Series series, TimeRange range, Optional<SlotRuns> slots) {
            this.series = series;
            this.range = range;
            this.slots = slots;
        }

        static Presence of(Series series, TimeRange range) {
            return new Presence(
                    series,
                    range,
                    series.cadence() instanceof Cadence.Grid grid ? Optional.of(new SlotRuns(grid)) : Optional.empty());
        }

        Iterable<Batch> watching(Batches batches) {
            return () -> {
                java.util.Iterator<Batch> rows = batches.iterator();
                return new java.util.Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return rows.hasNext();
                    }

                    @Override
                    public Batch next() {
                        Batch batch = rows.next();
                        slots.ifPresent(runs -> runs.add(batch.times()));
                        return batch;
                    }
                };
            };
        }

        Coverage coverage(Provenance provenance) {
            TimeRanges proven =
                    TimeRanges.of(provenance.gaps().stream().map(Gap::range).toList());
            TimeRanges present =
                    slots.map(SlotRuns::ranges).orElse(TimeRanges.of(range).minus(proven));
            return new Coverage(series, range, present, provenance.gaps());
        }
    }
}
