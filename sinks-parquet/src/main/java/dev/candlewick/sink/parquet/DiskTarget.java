package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Hidden files that become the files of a directory. */
final class DiskTarget implements UnitTarget<UnitDraft> {

    private final StoreParts store;
    private final Series series;
    private final TimeRange range;
    private final Map<TimeRange, Writes> before = new HashMap<>();

    DiskTarget(StoreParts store, Series series, TimeRange range) {
        this.store = store;
        this.series = series;
        this.range = range;
        for (TimeRange unit : store.receipts().units(series)) {
            if (unit.overlaps(range)) {
                before.put(unit, writes(unit));
            }
        }
    }

    // What a damaged receipt says is not known; who heals it first wins.
    private Writes writes(TimeRange unit) {
        try {
            return store.receipts().find(series, unit).map(Receipt::writes).orElse(Writes.NONE);
        } catch (Corrupt damaged) {
            return Writes.NONE;
        }
    }

    @Override
    public String place() {
        return store.root().path().toString();
    }

    @Override
    public void requireOpen() {
        store.requireOpen();
    }

    @Override
    public UnitDraft draft(TimeRange unit) throws IOException {
        return store.draft(series, unit);
    }

    @Override
    public Optional<UnitOutcome> commit(TimeRange unit, Optional<UnitDraft> draft, Provenance provenance)
            throws IOException {
        return new UnitCommit(store, series, range, provenance)
                .commit(unit, draft, before.getOrDefault(unit, Writes.NONE));
    }

    @Override
    public void ended() {
        store.writerEnded();
    }
}
