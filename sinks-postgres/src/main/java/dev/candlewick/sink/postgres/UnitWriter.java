package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteResult;
import dev.candlewick.spi.AppendCheck;
import dev.candlewick.spi.UnitChange;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers rows, and commits them unit by unit. Holds no connection before the commit. */
final class UnitWriter implements SinkWriter {

    // Four months of 1-minute candles; what is more goes to temporary files.
    private static final long MEMORY_BYTES = 1 << 24;

    private enum State {
        OPEN,
        FAILED,
        ENDED
    }

    private final StoreParts store;
    private final Series series;
    private final TimeRange range;
    private final RowTables tables;
    private final AppendCheck check;
    private final RowCheck rowCheck;
    private final Map<TimeRange, Writes> before;
    private final Map<TimeRange, UnitDraft> drafts = new LinkedHashMap<>();
    private Optional<UnitDraft> current = Optional.empty();
    private State state = State.OPEN;

    UnitWriter(
            StoreParts store,
            Series series,
            TimeRange range,
            AppendCheck check,
            RowTables tables,
            Map<TimeRange, Writes> before) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.tables = tables;
        this.check = check;
        this.rowCheck = new RowCheck(series, tables);
        this.before = before;
    }

    @Override
    public void append(Batch batch) {
        requireOpen();
        long rowsBefore = check.rows();
        check.accept(batch);
        try {
            rowCheck.accept(batch, rowsBefore);
            int from = 0;
            while (from < batch.rows()) {
                UnitDraft draft = draftFor(batch, from);
                int to = batch.firstRowFrom(draft.unit().endMicros());
                draft.add(batch.slice(from, to));
                from = to;
            }
        } catch (IOException failed) {
            fail();
            throw new Unavailable(
                    "Keeping rows of " + Failures.shown(series) + " until their commit failed: " + failed.getMessage()
                            + ". They are buffered in the folder for temporary files (java.io.tmpdir); make room there, then run"
                            + " again",
                    failed);
        } catch (RuntimeException | Error failed) {
            fail();
            throw failed;
        }
    }

    private UnitDraft draftFor(Batch batch, int row) {
        long time = batch.times().epochMicros(row);
        if (current.isPresent() && time < current.get().unit().endMicros()) {
            return current.get();
        }
        TimeRange unit = series.cadence().unit().containing(TimeRange.instant(time));
        long used = drafts.values().stream().mapToLong(UnitDraft::bytesInMemory).sum();
        UnitDraft next = new UnitDraft(series, unit, tables, Math.max(0, MEMORY_BYTES - used));
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
        for (TimeRange unit : unitsWithNews(provenance)) {
            Optional<UnitDraft> draft = Optional.ofNullable(drafts.remove(unit));
            try {
                UnitCommit commit = new UnitCommit(store, series, tables, range, provenance, unit, draft);
                Optional<UnitCommit.Outcome> outcome = commit.commit(before.getOrDefault(unit, Writes.NONE));
                outcome.map(UnitCommit.Outcome::entry).ifPresent(entries::add);
                unchanged += outcome.filter(UnitCommit.Outcome::unchanged).isPresent() ? 1 : 0;
            } finally {
                draft.ifPresent(UnitDraft::discard);
            }
        }
        return new WriteResult(check.rows(), entries, unchanged);
    }

    // Of a range of years most units may have no rows, no entry and no answer; each would cost a transaction.
    private List<TimeRange> unitsWithNews(Provenance provenance) {
        List<TimeRange> units = series.cadence().unit().touching(range);
        if (units.size() == drafts.size()) {
            return units;
        }
        Set<Instant> known = store.database()
                .read(
                        "Looking for what is known of " + Failures.shown(series),
                        transaction -> store.ledger().units(transaction, series, range));
        return units.stream()
                .filter(unit ->
                        drafts.containsKey(unit) || known.contains(unit.start()) || saysSomething(unit, provenance))
                .toList();
    }

    private boolean saysSomething(TimeRange unit, Provenance provenance) {
        LedgerEntry entry = new UnitLedger(series, unit)
                .entry(Optional.empty(), range, provenance, store.clock().instant());
        return !UnitChange.of(Optional.empty(), Writes.NONE, entry, range, Writes.NONE)
                .isNothing();
    }

    @Override
    public void close() {
        state = State.ENDED;
        discard();
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
                    "This writer of " + Failures.shown(series) + " over " + range
                            + " failed in the middle of a batch, so what it was given was dropped and it commits nothing; open another");
        }
        if (state == State.ENDED) {
            throw new IllegalStateException("This writer of " + Failures.shown(series) + " over " + range
                    + " has been committed or closed; open another");
        }
        store.requireOpen();
    }
}
