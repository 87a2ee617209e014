package dev.candlewick.sink.parquet;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.file.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** What a store is made of, put together once. Thread-safe. */
final class StoreParts implements AutoCloseable {

    private final StoreRoot root;
    private final Layout layout;
    private final Clock clock;
    private final WriteOptions options;
    private final DurableFiles durable;
    private final Receipts receipts;
    private final SeriesLocks locks;
    private final Recovery recovery;
    private Optional<Session> session = Optional.empty();
    private int openWriters;
    private boolean closed;

    StoreParts(ParquetStore.Builder settings, Layout layout) {
        this.root = new StoreRoot(settings.root);
        this.layout = layout;
        this.clock = settings.clock;
        this.options = WriteOptions.DEFAULT.withZstdLevel(settings.compressionLevel);
        this.durable = new DurableFiles(settings.files);
        this.receipts = new Receipts(root);
        this.locks = new SeriesLocks(root.locks(), settings.lockPatience);
        this.recovery = new Recovery(root, layout, receipts, locks, durable);
    }

    StoreRoot root() {
        return root;
    }

    Layout layout() {
        return layout;
    }

    Clock clock() {
        return clock;
    }

    WriteOptions options() {
        return options;
    }

    DurableFiles durable() {
        return durable;
    }

    Receipts receipts() {
        return receipts;
    }

    SeriesLocks locks() {
        return locks;
    }

    Recovery recovery() {
        return recovery;
    }

    /** The final place of a unit's data file. */
    Path dataFile(Series series, TimeRange unit) {
        return root.resolve(root.relative(root.path().resolve(layout.file(series, unit))));
    }

    /** Starts the hidden file of a unit's rows. */
    UnitDraft draft(Series series, TimeRange unit) throws IOException {
        Path target = dataFile(series, unit);
        DurableFiles.Draft file = durable.draft(
                DurableFiles.parentOf(target), target.getFileName().toString(), sessionId());
        return new UnitDraft(series, unit, file, options);
    }

    /** The id under which this store writes; the first call makes the store's own directory. */
    synchronized String sessionId() throws IOException {
        requireOpen();
        if (session.isEmpty()) {
            durable.makeDirectory(root.sessions());
            Session begun = Session.begin(root.sessions());
            session = Optional.of(begun);
            if (!Files.exists(root.description())) {
                durable.publish(root.description(), StoreDescription.render(layout), begun.id());
            }
        }
        return session.get().id();
    }

    synchronized boolean hasWritten() {
        return session.isPresent();
    }

    /** @throws IllegalStateException once the store is closed */
    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The store parquet:" + root.path()
                    + " has been closed: it neither reads nor writes any more; open it again");
        }
    }

    /** Counts a writer, whose temporary files keep the session alive until {@link #writerEnded}. */
    synchronized void writerBegan() throws IOException {
        sessionId();
        openWriters++;
    }

    synchronized void writerEnded() {
        openWriters--;
        endSessionWhenDone();
    }

    /** Ends the writing. A writer that is still open can only be closed, and the session ends with the last of them. */
    @Override
    public synchronized void close() {
        closed = true;
        endSessionWhenDone();
    }

    private void endSessionWhenDone() {
        if (closed && openWriters == 0 && session.isPresent()) {
            Session ending = session.get();
            session = Optional.empty();
            if (durable.leftSomethingBehind()) {
                ending.abandon();
            } else {
                ending.close();
            }
        }
    }
}
