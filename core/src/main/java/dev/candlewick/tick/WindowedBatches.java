package dev.candlewick.tick;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The rows of some windows of a series, one window read after the other. */
final class WindowedBatches implements Batches {

    private final Source source;
    private final Series series;
    private final List<TimeRange> windows;
    private final TimeRange range;
    private boolean started;
    private volatile boolean closed;
    private volatile @Nullable Batches open;

    /** @param windows in time order, apart from each other, at least one */
    WindowedBatches(Source source, Series series, List<TimeRange> windows) {
        this.source = source;
        this.series = series;
        this.windows = windows;
        this.range = windows.get(0).span(windows.get(windows.size() - 1));
    }

    @Override
    public Series series() {
        return series;
    }

    @Override
    public TimeRange range() {
        return range;
    }

    @Override
    public Iterator<Batch> iterator() {
        if (started) {
            throw new IllegalStateException(
                    "Batches of " + series + " can be iterated once; read again for another pass");
        }
        started = true;
        Iterator<TimeRange> ahead = windows.iterator();
        return new Iterator<>() {
            private @Nullable Iterator<Batch> rows;

            @Override
            public boolean hasNext() {
                while (rows == null || !rows.hasNext()) {
                    if (closed) {
                        throw new Cancelled("Reading " + series + " in windows of " + range + " was closed early");
                    }
                    if (!ahead.hasNext()) {
                        return false;
                    }
                    rows = open(ahead.next());
                }
                return true;
            }

            @Override
            public Batch next() {
                if (!hasNext() || rows == null) {
                    throw new NoSuchElementException("No more rows of " + series + " in these windows");
                }
                return rows.next();
            }
        };
    }

    private Iterator<Batch> open(TimeRange window) {
        closeOpen();
        Batches batches = source.read(series, window);
        open = batches;
        if (closed) { // between the check and the read
            batches.close();
        }
        return batches.iterator();
    }

    @Override
    public Provenance provenance() {
        throw new IllegalStateException("Only some windows of " + series + " over " + range
                + " were read, so nothing is known of what lies between; they cannot be written as if they were all");
    }

    @Override
    public void close() {
        closed = true;
        closeOpen();
    }

    private void closeOpen() {
        Batches batches = open;
        if (batches != null) {
            batches.close();
        }
    }

    @Override
    public String toString() {
        return "Batches of " + series + " in " + windows.size() + " windows of " + range;
    }
}
