package dev.candlewick.examples;

import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.util.List;

/** The candles with features that a store holds, and nothing else of it: what indicators of a pipeline are made of. */
final class StoredFeatures implements Source {

    private final Store store;

    StoredFeatures(Store store) {
        this.store = store;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public boolean serves(Series series) {
        return series.dataset().name().startsWith("features:hft:");
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        Batches rows = store.read(series, range);
        List<Gap> gaps = store.coverage(series, range).gaps();
        return Batches.of(
                series,
                range,
                rows.iterator(),
                () -> {
                    Provenance read = rows.provenance();
                    return new Provenance(read.source(), read.answers(), gaps, read.quarantined());
                },
                rows::close);
    }
}
