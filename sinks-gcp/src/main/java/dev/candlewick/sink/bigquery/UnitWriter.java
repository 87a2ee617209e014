package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.SinkWriter;
import dev.candlewick.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A writer of its own: a group of one write. */
final class UnitWriter implements SinkWriter {

    private enum State {
        OPEN,
        FAILED,
        ENDED
    }

    private final StoreParts store;
    private final Tables.Held held;
    private final StagedFile file;
    private final Write write;
    private State state = State.OPEN;

    UnitWriter(StoreParts store, Tables.Held held, StagedFile file, Write write) {
        this.store = store;
        this.held = held;
        this.file = file;
        this.write = write;
    }

    @Override
    public void append(Batch batch) {
        requireOpen();
        long before = write.rows();
        try {
            write.append(batch);
        } catch (RuntimeException | Error failed) {
            // Refused as a whole before anything of it was taken, unless rows were counted.
            if (write.rows() != before) {
                state = State.FAILED;
                drop();
            }
            throw failed;
        }
    }

    @Override
    public WriteResult commit(Provenance provenance) {
        requireOpen();
        state = State.ENDED;
        try {
            write.end(provenance);
            List<UnitTask> tasks = write.tasks();
            return result(write, tasks, new Commit(store, held, file).run(tasks));
        } finally {
            drop();
        }
    }

    /** What became of the units of a write, or the first failure among them. */
    static WriteResult result(Write write, List<UnitTask> tasks, Map<UnitTask, Commit.Result> results) {
        List<LedgerEntry> entries = new ArrayList<>();
        int unchanged = 0;
        Optional<MarketDataException> failure = Optional.empty();
        for (UnitTask task : tasks) {
            Commit.Result result = Optional.ofNullable(results.get(task)).orElse(Commit.Result.NOTHING);
            result.entry().ifPresent(entries::add);
            unchanged += result.unchanged() ? 1 : 0;
            failure = failure.isPresent() ? failure : result.failure();
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return new WriteResult(write.rows(), entries, unchanged);
    }

    @Override
    public void close() {
        if (state != State.FAILED) {
            state = State.ENDED;
        }
        drop();
    }

    private void drop() {
        write.close();
        file.close();
    }

    private void requireOpen() {
        if (state == State.FAILED) {
            throw new IllegalStateException(
                    "This writer of " + Failures.cut(write.series()) + " over " + write.range()
                            + " failed in the middle of a batch, so what it was given was dropped and it commits nothing; open another");
        }
        if (state == State.ENDED) {
            throw new IllegalStateException("This writer of " + Failures.cut(write.series()) + " over " + write.range()
                    + " has been committed or closed; open another");
        }
        store.requireOpen();
    }
}
