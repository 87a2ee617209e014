package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteResult;
import dev.candlewick.spi.AppendCheck;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Streams rows into one hidden file per unit; memory holds the open row group of one file, whatever the range. */
final class UnitWriter implements SinkWriter {

    private enum State {
        OPEN,
        FAILED,
        ENDED
    }

    private final StoreParts store;
    private final Series series;
    private final TimeRange range;
    private final AppendCheck check;
    private final Map<TimeRange, Writes> before = new HashMap<>();
    private final Map<TimeRange, UnitDraft> drafts = new LinkedHashMap<>();
    private Optional<UnitDraft> current = Optional.empty();
    private State state = State.OPEN;
    private boolean closed;

    UnitWriter(StoreParts store, Series series, TimeRange range) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.check = new AppendCheck(series, range);
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
    public void append(Batch batch) {
        requireOpen();
        check.accept(batch);
        try {
            int from = 0;
            while (from < batch.rows()) {
                UnitDraft draft = draftFor(batch, from);
                int to = batch.firstRowFrom(draft.unit().endMicros());
                draft.add(batch.slice(from, to));
                from = to;
            }
        } catch (IOException failed) {
            fail();
            throw Storage.failed("Writing " + series + " to " + store.root().path(), failed);
        } catch (RuntimeException | Error failed) {
            fail();
            throw failed;
        }
    }

    private UnitDraft draftFor(Batch batch, int row) throws IOException {
        long time = batch.times().epochMicros(row);
        if (current.isPresent() && time < current.get().unit().endMicros()) {
            return current.get();
        }
        if (current.isPresent()) {
            current.get().seal(); // rows come in time order: none will follow for this unit
        }
        TimeRange unit = series.cadence().unit().containing(TimeRange.instant(time));
        UnitDraft next = store.draft(series, unit);
        drafts.put(unit, next);
        current = Optional.of(next);
        return next;
    }

    @Override
    public WriteResult commit(Provenance provenance) {
        requireOpen();
        state = State.ENDED;
        UnitCommit commit = new UnitCommit(store, series, range, provenance);
        List<LedgerEntry> entries = new ArrayList<>();
        int unchanged = 0;
        try {
            for (TimeRange unit : series.cadence().unit().touching(range)) {
                Optional<UnitCommit.Outcome> outcome = commit.commit(
                        unit, Optional.ofNullable(drafts.get(unit)), before.getOrDefault(unit, Writes.NONE));
                outcome.map(UnitCommit.Outcome::entry).ifPresent(entries::add);
                unchanged += outcome.filter(UnitCommit.Outcome::unchanged).isPresent() ? 1 : 0;
            }
        } catch (IOException failed) {
            throw Storage.failed(
                    "Committing " + series + " over " + range + " to "
                            + store.root().path(),
                    failed);
        }
        return new WriteResult(check.rows(), entries, unchanged);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            state = State.ENDED;
            try {
                discard();
            } finally {
                store.writerEnded();
            }
        }
    }

    // Half a batch was taken, and a commit of it would look like the whole.
    private void fail() {
        state = State.FAILED;
        discard();
    }

    private void discard() {
        drafts.values().forEach(UnitDraft::discard);
        drafts.clear();
        current = Optional.empty();
    }

    private void requireOpen() {
        if (state == State.FAILED) {
            throw new IllegalStateException(
                    "This writer of " + series + " over " + range
                            + " failed in the middle of a batch, so what it was given was dropped and it commits nothing; open another");
        }
        if (state == State.ENDED) {
            throw new IllegalStateException(
                    "This writer of " + series + " over " + range + " has been committed or closed; open another");
        }
        try {
            store.requireOpen();
        } catch (IllegalStateException storeClosed) {
            discard();
            throw storeClosed;
        }
    }
}
