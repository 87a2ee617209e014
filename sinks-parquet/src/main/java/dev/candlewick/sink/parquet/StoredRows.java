package dev.candlewick.sink.parquet;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The rows of a range, unit by unit in time order, with one file open at a time. For one thread, but for closing. */
final class StoredRows implements Iterator<Batch> {

    private final StoreParts store;
    private final Series series;
    private final TimeRange range;
    private final List<String> columns;
    private final List<Answer> answers = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<QuarantinedRow> quarantined = new ArrayList<>();
    private Optional<Iterator<Receipt>> units = Optional.empty();
    private Optional<Part> part = Optional.empty();
    private Optional<Batch> next = Optional.empty();
    private volatile boolean closed;

    private StoredRows(StoreParts store, Series series, TimeRange range, List<String> columns) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.columns = columns;
    }

    static Batches read(StoreParts store, Series series, TimeRange range, List<String> columns) {
        StoredRows rows = new StoredRows(store, series, range, columns);
        return Batches.of(series, range, rows, rows::provenance, rows::close);
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty()) {
            if (part.isEmpty() && !openNextUnit()) {
                return false;
            }
            next = part.flatMap(Part::next);
            if (next.isEmpty()) {
                endPart();
            }
        }
        return true;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more batches of " + series);
        }
        Batch batch = next.orElseThrow();
        next = Optional.empty();
        return batch;
    }

    // Only the few receipts of the range are kept; a file is opened when its turn comes.
    private synchronized boolean openNextUnit() {
        if (units.isEmpty()) {
            units = Optional.of(store.receipts().list(series, range).iterator());
        }
        while (!closed && units.get().hasNext()) {
            Receipt receipt = units.get().next();
            try {
                Optional<UnitFile> file = UnitFile.open(store.root(), store.receipts(), receipt);
                if (file.isPresent()) {
                    part = Optional.of(new Part(file.get()));
                    return true;
                }
                // Without rows when it was listed, or since; what is known of it now is what counts.
                store.receipts().find(series, receipt.unit()).ifPresent(now -> note(now, 0));
            } catch (IOException unreadable) {
                throw Storage.failed(
                        "Reading " + series + " from " + store.root().path(), unreadable);
            }
        }
        return false;
    }

    private synchronized void endPart() {
        Part ended = part.orElseThrow();
        part = Optional.empty();
        ended.close();
        ended.checkCount();
        note(ended.file.receipt(), ended.rows);
    }

    private void note(Receipt receipt, long rows) {
        TimeRange asked = receipt.unit().intersection(range).orElseThrow();
        receipt.entry()
                .gaps()
                .forEach(gap -> gap.range().intersection(range).ifPresent(cut -> gaps.add(gap.over(cut))));
        quarantined.addAll(receipt.entry().quarantined());
        DataFile data = receipt.data();
        answers.add(new Answer(
                asked,
                "parquet",
                data.exists()
                        ? data.path()
                        : store.root().relative(store.receipts().file(series, receipt.unit())),
                0,
                data.exists() ? "sha256:" + data.sha256() : "",
                receipt.entry().contentHash(),
                rows,
                store.clock().instant(),
                ""));
    }

    private Provenance provenance() {
        return new Provenance("parquet:" + store.root().path(), answers, gaps, quarantined);
    }

    private synchronized void close() {
        closed = true;
        part.ifPresent(Part::close);
    }

    /** The rows of one unit. */
    private final class Part {

        private final UnitFile file;
        private final ParquetFileReader reader;
        private final Iterator<Batch> batches;
        private long rows;

        Part(UnitFile file) throws IOException {
            this.file = file;
            try {
                this.reader = file.reader();
                this.batches = reader.read(
                        series, file.receipt().unit().intersection(range).orElseThrow(), columns);
            } catch (Corrupt damaged) {
                file.close();
                throw Repair.with(file.receipt(), damaged);
            } catch (UncheckedIOException unreadable) {
                file.close();
                throw Storage.cause(unreadable);
            } catch (RuntimeException failed) {
                file.close();
                throw failed;
            }
        }

        Optional<Batch> next() {
            try {
                if (!batches.hasNext()) {
                    return Optional.empty();
                }
                Batch batch = batches.next();
                rows += batch.rows();
                return Optional.of(batch);
            } catch (Corrupt damaged) {
                throw Repair.with(file.receipt(), damaged);
            } catch (UncheckedIOException unreadable) {
                if (closed) {
                    throw new Cancelled("Reading " + series + " over " + range + " was closed before its end");
                }
                throw Storage.failed("Reading " + file.path(), Storage.cause(unreadable));
            }
        }

        void checkCount() {
            Receipt receipt = file.receipt();
            if (range.contains(receipt.unit()) && rows != receipt.rows()) {
                throw new Corrupt(file.path() + " holds " + rows + " rows of its unit, its receipt says "
                        + receipt.rows() + Repair.advice(receipt));
            }
        }

        void close() {
            reader.close();
        }
    }
}
