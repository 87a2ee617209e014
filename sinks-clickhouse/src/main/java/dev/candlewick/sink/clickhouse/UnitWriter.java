package dev.candlewick.sink.clickhouse;

import dev.candlewick.Batch;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteResult;
import dev.candlewick.ledger.UnitRecord;
import dev.candlewick.spi.AppendCheck;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Gathers rows per unit, in memory and then on disk, and commits the units one after the other. */
final class UnitWriter implements SinkWriter {

    private enum State {
        OPEN,
        FAILED,
        ENDED
    }

    private static final int UNITS_TOGETHER = 32;
    private static final long MEMORY_BYTES = 64 << 20;

    private final StoreParts store;
    private final RowsTable table;
    private final Series series;
    private final TimeRange range;
    private final AppendCheck check;
    private final Map<TimeRange, Writes> before = new HashMap<>();
    private final Map<TimeRange, UnitRows> drafts = new LinkedHashMap<>();
    private final UnitRows.Workspace workspace = new UnitRows.Workspace(MEMORY_BYTES);
    private Optional<UnitRows> current = Optional.empty();
    private State state = State.OPEN;

    UnitWriter(StoreParts store, Series series, TimeRange range) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.check = new AppendCheck(series, range);
        if (range.startMicros() < NativeEncoder.FIRST_MICROS || range.endMicros() > NativeEncoder.LAST_MICROS + 1) {
            throw new Refused("ClickHouse holds times from 1900 to 2299; " + range + " of " + Failures.cut(series)
                    + " cannot be written there");
        }
        this.table = store.tables().ready(series);
        store.ledger().rows(series, range).forEach(row -> before.put(row.unit(), writes(row)));
    }

    // What a damaged row says is not known; who heals it first wins.
    private static Writes writes(Ledger.Row row) {
        try {
            return row.held().content().map(UnitRecord::writes).orElse(Writes.NONE);
        } catch (Corrupt damaged) {
            return Writes.NONE;
        }
    }

    @Override
    public void append(Batch batch) {
        requireOpen();
        NativeEncoder.check(batch, check.rows());
        check.accept(batch);
        try {
            int from = 0;
            while (from < batch.rows()) {
                UnitRows draft = draft(batch.times().epochMicros(from));
                int to = batch.firstRowFrom(draft.unit().endMicros());
                draft.add(batch.slice(from, to));
                from = to;
            }
        } catch (IOException failed) {
            fail();
            throw local(failed);
        } catch (RuntimeException | Error failed) {
            fail();
            throw failed;
        }
    }

    private UnitRows draft(long time) throws IOException {
        if (current.isPresent() && time < current.get().unit().endMicros()) {
            return current.get();
        }
        if (current.isPresent()) {
            current.get().flush(); // rows come in time order: none will follow for this unit
        }
        TimeRange unit = series.cadence().unit().containing(TimeRange.instant(time));
        UnitRows next = new UnitRows(table, series, unit, workspace);
        drafts.put(unit, next);
        current = Optional.of(next);
        return next;
    }

    @Override
    public WriteResult commit(Provenance provenance) {
        requireOpen();
        state = State.ENDED;
        UnitCommit commit = new UnitCommit(store, table, series, range, provenance, workspace);
        List<UnitCommit.Task> tasks = series.cadence().unit().touching(range).stream()
                .map(unit -> new UnitCommit.Task(
                        unit, Optional.ofNullable(drafts.get(unit)), before.getOrDefault(unit, Writes.NONE)))
                .toList();
        List<UnitCommit.Outcome> outcomes = new ArrayList<>();
        ReentrantLock lock = store.lock(series);
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Cancelled(
                    "Committing " + Failures.cut(series) + " over " + range + " was interrupted; nothing was written");
        }
        try {
            for (int from = 0; from < tasks.size(); from += UNITS_TOGETHER) {
                outcomes.addAll(commit.commit(tasks.subList(from, Math.min(tasks.size(), from + UNITS_TOGETHER))));
            }
        } catch (IOException failed) {
            throw local(failed);
        } catch (Refused refused) {
            throw store.tables().explained(series, refused);
        } finally {
            lock.unlock();
            discard();
        }
        store.cleanup().sweep();
        return new WriteResult(
                check.rows(), outcomes.stream().map(UnitCommit.Outcome::entry).toList(), (int)
                        outcomes.stream().filter(UnitCommit.Outcome::unchanged).count());
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
        for (UnitRows draft : drafts.values()) {
            try {
                draft.close();
            } catch (IOException kept) {
                // A temporary file that cannot be deleted is no reason to fail.
                System.getLogger(UnitWriter.class.getName())
                        .log(System.Logger.Level.DEBUG, "A temporary file stays", kept);
            }
        }
        drafts.clear();
    }

    private Unavailable local(IOException failed) {
        return new Unavailable(
                "Buffering " + Failures.cut(series) + " over " + range + " in the temporary folder failed: "
                        + failed.getMessage() + "; is the disk full?",
                failed);
    }

    private void requireOpen() {
        if (state == State.FAILED) {
            throw new IllegalStateException(
                    "This writer of " + Failures.cut(series) + " over " + range
                            + " failed in the middle of a batch, so what it was given was dropped and it commits nothing; open another");
        }
        if (state == State.ENDED) {
            throw new IllegalStateException("This writer of " + Failures.cut(series) + " over " + range
                    + " has been committed or closed; open another");
        }
        store.requireOpen();
    }
}
