package dev.candlewick.sink.parquet;

import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Drafts in memory, and beyond a bound in temporary files, that become the objects of a storage. */
final class ObjectTarget implements UnitTarget<ObjectDraft> {

    private final ObjectParts store;
    private final Series series;
    private final TimeRange range;
    private final Map<TimeRange, KnownUnit> before;
    private final List<ObjectDraft> drafts = new ArrayList<>();

    ObjectTarget(ObjectParts store, Series series, TimeRange range) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.before = store.units().known(series, range);
    }

    /** The units that were there when the writer was opened. */
    Map<TimeRange, KnownUnit> before() {
        return before;
    }

    @Override
    public String place() {
        return store.storage().name();
    }

    @Override
    public void requireOpen() {
        store.requireOpen();
    }

    // The drafts of one writer share its memory: what the earlier ones took, the later ones have less.
    @Override
    public ObjectDraft draft(TimeRange unit) {
        long taken = drafts.stream().mapToLong(ObjectDraft::size).sum();
        ObjectDraft draft =
                new ObjectDraft(series, unit, store.options(), (int) Math.max(0, store.memoryBytes() - taken));
        drafts.add(draft);
        return draft;
    }

    @Override
    public Optional<UnitOutcome> commit(TimeRange unit, Optional<ObjectDraft> draft, Provenance provenance)
            throws IOException {
        Optional<UnitOutcome> outcome = new ObjectCommit(store, series, range, provenance)
                .commit(unit, draft, before.getOrDefault(unit, KnownUnit.ABSENT));
        draft.ifPresent(done -> {
            done.discard();
            drafts.remove(done);
        });
        return outcome;
    }

    @Override
    public void ended() {
        drafts.forEach(ObjectDraft::discard);
        drafts.clear();
    }
}
