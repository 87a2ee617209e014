package dev.candlewick;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** A cursor over whole rows that gives some of their columns. */
final class SelectedBatches {

    private SelectedBatches() {}

    /** Of what {@code reading} starts. Its series may have columns that the one asked for has not: candles filled forward do. */
    static Batches of(Supplier<Batches> reading, Collection<String> columns) {
        Batches whole = reading.get();
        List<String> names;
        try {
            names = whole.series().schema().select(columns).stream()
                    .map(Field::name)
                    .toList();
        } catch (IllegalArgumentException unknown) {
            whole.close();
            throw unknown;
        }
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
