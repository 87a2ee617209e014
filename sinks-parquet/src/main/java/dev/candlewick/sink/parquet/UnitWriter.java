package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteResult;
import dev.candlewick.spi.AppendCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Streams rows into one draft per unit; memory holds the open row group of one, whatever the range.
 *
 * @param <D> what the drafts are
 */
final class UnitWriter<D extends Draft> implements SinkWriter {

    private enum State {
        OPEN,
        FAILED,
        ENDED
    }

    private final UnitTarget<D> target;
    private final Series series;
    private final TimeRange range;
    private final AppendCheck check;
    private final Map<TimeRange, D> drafts = new LinkedHashMap<>();
    private Optional<D> current = Optional.empty();
    private State state = State.OPEN;
    private boolean closed;

    UnitWriter(UnitTarget<D> target, Series series, TimeRange range, AppendCheck check) {
        this.target = target;
        this.series = series;
        this.range = range;
        this.check = check;
    }

    @Override
    public void append(Batch batch) {
        requireOpen();
        check.accept(batch);
        try {
            int from = 0;
            while (from < batch.rows()) {
                D draft = draftFor(batch, from);
                int to = batch.firstRowFrom(draft.unit().endMicros());
                draft.add(batch.slice(from, to));
                from = to;
            }
        } catch (IOException failed) {
            fail();
            throw Storage.failed("Writing " + series + " to " + target.place(), failed);
        } catch (RuntimeException | Error failed) {
            fail();
            throw failed;
        }
    }

    private D draftFor(Batch batch, int row) throws IOException {
        long time = batch.times().epochMicros(row);
        if (current.isPresent() && time < current.get().unit().endMicros()) {
            return current.get();
        }
        if (current.isPresent()) {
            current.get().seal(); // rows come in time order: none will follow for this unit
        }
        TimeRange unit = series.cadence().unit().containing(TimeRange.instant(time));
        D next = target.draft(unit);
        drafts.put(unit, next);
        current = Optional.of(next);
        return next;
    }

    @Override
    public WriteResult commit(Provenance provenance) {
        requireOpen();
        state = State.ENDED;
        List<LedgerEntry> entries = new ArrayList<>();
        int unchanged = 0;
        try {
            for (TimeRange unit : series.cadence().unit().touching(range)) {
                Optional<UnitOutcome> outcome = target.commit(unit, Optional.ofNullable(drafts.get(unit)), provenance);
                outcome.map(UnitOutcome::entry).ifPresent(entries::add);
                unchanged += outcome.filter(UnitOutcome::unchanged).isPresent() ? 1 : 0;
            }
        } catch (IOException failed) {
            throw Storage.failed("Committing " + series + " over " + range + " to " + target.place(), failed);
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
                target.ended();
            }
        }
    }

    // Half a batch was taken, and a commit of it would look like the whole.
    private void fail() {
        state = State.FAILED;
        discard();
    }

    private void discard() {
        drafts.values().forEach(Draft::discard);
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
            target.requireOpen();
        } catch (IllegalStateException storeClosed) {
            discard();
            throw storeClosed;
        }
    }
}
