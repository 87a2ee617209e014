package dev.candlewick;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** A cursor over whole rows that gives some of their columns. */
final class SelectedBatches {

    private SelectedBatches() {}

    /** Of what {@code reading} starts, once the columns are known to be the series'. */
    static Batches of(Series series, Supplier<Batches> reading, Collection<String> columns) {
        List<String> names =
                series.schema().select(columns).stream().map(Field::name).toList();
        Batches whole = reading.get();
        Iterator<Batch> batches = whole.iterator();
        Iterator<Batch> selected = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return batches.hasNext();
            }

            @Override
            public Batch next() {
                return batches.next().select(names);
            }
        };
        return Batches.of(whole.series(), whole.range(), selected, whole::provenance, whole::close);
    }
}
