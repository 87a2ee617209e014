package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A source of {@link SyntheticCandles} with holes and failures of your choice, which notes what it is asked. Safe for many threads. */
public final class SyntheticSource implements Source {

    private final List<Gap> holes = new CopyOnWriteArrayList<>();
    private final Map<TimeRange, RuntimeException> failures = new ConcurrentHashMap<>();
    private final List<String> reads = new CopyOnWriteArrayList<>();

    /** Has no rows in the gap's range, and proves it with the gap. */
    public SyntheticSource withHole(Gap hole) {
        holes.add(hole);
        return this;
    }

    /** Throws when a read touches the range. */
    public SyntheticSource failing(TimeRange range, RuntimeException failure) {
        failures.put(range, failure);
        return this;
    }

    /** Stops failing. */
    public void recover() {
        failures.clear();
    }

    /** What was asked so far, {@code SERIES START/END} each. */
    public List<String> reads() {
        return List.copyOf(reads);
    }

    @Override
    public String name() {
        return "synthetic";
    }

    @Override
    public boolean serves(Series series) {
        return series.schema().equals(Schema.CANDLES)
                && series.dataset().interval().isPresent();
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!serves(series)) {
            throw new Refused(name() + " has candles only, unfilled ones; not " + series);
        }
        reads.add(series + " " + range);
        failures.forEach((part, failure) -> {
            if (part.overlaps(range)) {
                throw failure;
            }
        });
        List<Gap> proven = new ArrayList<>();
        for (Gap hole : holes) {
            hole.range().intersection(range).ifPresent(part -> proven.add(hole.over(part)));
        }
        List<Batch> rows = new ArrayList<>();
        for (TimeRange part : TimeRanges.of(range)
                .minus(TimeRanges.of(proven.stream().map(Gap::range).toList()))) {
            rows.addAll(SyntheticCandles.batches(series, part));
        }
        return Batches.of(series, range, rows, new Provenance(name(), List.of(), proven, List.of()));
    }
}
