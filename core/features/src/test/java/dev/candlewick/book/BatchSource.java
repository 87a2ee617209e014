package dev.candlewick.book;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import java.util.List;

/** A source of rows in memory, which tells its gaps at the end. */
public record BatchSource(List<Batch> batches, List<Gap> gaps) implements Source {

    /** A source without gaps. */
    public static BatchSource of(List<Batch> batches) {
        return new BatchSource(batches, List.of());
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean serves(Series series) {
        return batches.isEmpty() || batches.get(0).series().equals(series);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        List<Batch> inside = batches.stream()
                .map(batch -> batch.within(range))
                .filter(batch -> batch.rows() > 0)
                .toList();
        return Batches.of(series, range, inside, new Provenance(name(), List.of(), gaps, List.of()));
    }
}
