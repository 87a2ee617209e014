package dev.candlewick.testkit;

import dev.candlewick.Batches;
import dev.candlewick.Estimate;
import dev.candlewick.LedgerEntry;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteGroup;
import java.util.List;
import java.util.Optional;

/**
 * A store that does what another does, for tests that change one thing about it: override that. The other store stays
 * open. As safe for many threads as the other.
 */
public abstract class ForwardingStore implements Store {

    private final Store store;

    /** Passes everything on to a store. */
    protected ForwardingStore(Store store) {
        this.store = store;
    }

    /** The store that does the work. */
    protected final Store store() {
        return store;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public boolean serves(Series series) {
        return store.serves(series);
    }

    @Override
    public List<Series> series() {
        return store.series();
    }

    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        return store.ledger(series, range);
    }

    @Override
    public List<String> forget(Series series, TimeRange range) {
        return store.forget(series, range);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        return store.read(series, range);
    }

    @Override
    public SinkWriter open(Series series, TimeRange range) {
        return store.open(series, range);
    }

    @Override
    public Optional<WriteGroup> group() {
        return store.group();
    }

    @Override
    public List<String> writeCosts(List<PlannedUnit> units) {
        return store.writeCosts(units);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return store.estimate(series, range);
    }

    @Override
    public Estimate dryRun(Series series, TimeRange range) {
        return store.dryRun(series, range);
    }
}
