package dev.candlewick.sink.parquet;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The rows of a range, unit by unit in time order. While the rows of one unit are handed out the ends of the next objects
 * are on their way. For one thread, but for closing.
 */
final class ObjectRows implements Iterator<Batch> {

    private final ObjectParts store;
    private final Series series;
    private final TimeRange range;
    private final List<String> columns;
    private final List<Answer> answers = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<QuarantinedRow> quarantined = new ArrayList<>();
    // Guards what closing has to end: what is on its way, and the open object.
    private final Object lock = new Object();
    private final Deque<Coming> coming = new ArrayDeque<>();
    private Optional<Part> part = Optional.empty();
    private volatile boolean closed;
    private Optional<Iterator<Wanted>> units = Optional.empty();
    private Optional<Batch> next = Optional.empty();
    // Whoever wants only the first rows does not pay for all units.
    private int begun;

    private ObjectRows(ObjectParts store, Series series, TimeRange range, List<String> columns) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.columns = columns;
    }

    static Batches read(ObjectParts store, Series series, TimeRange range, List<String> columns) {
        ObjectRows rows = new ObjectRows(store, series, range, columns);
        return Batches.of(series, range, rows, rows::provenance, rows::close);
    }

    /** A unit to be read, and its object as it was listed, if it was. */
    private record Wanted(TimeRange unit, Optional<ObjectHead> listed) {}

    /** The end of an object that is on its way. */
    private record Coming(TimeRange unit, int bytes, Requests.Answer<Optional<ObjectPart>> end) {}

    @Override
    public boolean hasNext() {
        try {
            while (next.isEmpty()) {
                if (part.isEmpty() && !openNextUnit()) {
                    return false;
                }
                next = nextBatch();
                if (next.isEmpty()) {
                    endPart();
                }
            }
            return true;
        } catch (Cancelled ended) {
            throw closed
                    ? new Cancelled("Reading " + series + " over " + range + " was closed before its end", ended)
                    : ended;
        }
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

    private boolean openNextUnit() {
        if (units.isEmpty()) {
            units = Optional.of(wanted().iterator());
        }
        while (true) {
            fetchAhead();
            Coming unit;
            synchronized (lock) {
                if (coming.isEmpty()) {
                    return false;
                }
                unit = coming.element();
            }
            Optional<ObjectPart> end = unit.end().await();
            synchronized (lock) {
                coming.poll();
            }
            begun++;
            if (end.isPresent() && begin(unit.unit(), end.get())) {
                return true;
            }
        }
    }

    private List<Wanted> wanted() {
        store.description().check();
        return store.units().isFew(series, range)
                ? series.cadence().unit().touching(range).stream()
                        .map(unit -> new Wanted(unit, Optional.empty()))
                        .toList()
                : store.units().objects(series, range).stream()
                        .map(object -> new Wanted(object.unit(), Optional.of(object.head())))
                        .toList();
    }

    private void fetchAhead() {
        synchronized (lock) {
            long bytes = coming.stream().mapToLong(Coming::bytes).sum();
            while (!closed
                    && units.orElseThrow().hasNext()
                    && (coming.isEmpty() || (coming.size() <= 2 * begun && bytes < store.memoryBytes()))) {
                Wanted wanted = units.get().next();
                Coming added = ask(wanted.unit(), firstBytes(wanted));
                coming.add(added);
                bytes += added.bytes();
            }
        }
    }

    private int firstBytes(Wanted wanted) {
        if (!range.contains(wanted.unit())
                || columns.size() < series.schema().fields().size()) {
            return ObjectFile.END_BYTES;
        }
        return wanted.listed()
                .map(head -> ObjectFile.firstBytes(store, head))
                .orElseGet(() -> ObjectFile.wholeBytes(store));
    }

    private Coming ask(TimeRange unit, int bytes) {
        String name = store.units().name(series, unit);
        return new Coming(
                unit, bytes, store.requests().send(() -> store.storage().readEnd(name, bytes)));
    }

    /** Opens the unit's object, again when it is replaced before its first row; false when it has no rows. */
    private boolean begin(TimeRange unit, ObjectPart first) {
        Optional<ObjectPart> end = Optional.of(first);
        for (int attempt = 0; end.isPresent(); attempt++) {
            if (attempt == ObjectUnits.ATTEMPTS) {
                throw new Unavailable("Unit " + unit + " of " + series + " was replaced " + attempt
                        + " times while it was being opened; read it again later");
            }
            try {
                Part opened = new Part(unit, end.get());
                synchronized (lock) {
                    part = Optional.of(opened);
                    if (closed) {
                        opened.close();
                    }
                }
                opened.begin();
                return true;
            } catch (ObjectReplaced meanwhile) {
                closePart();
                end = ask(unit, first.bytes().length).end().await();
            }
        }
        return false;
    }

    private Optional<Batch> nextBatch() {
        while (true) {
            Part current = part.orElseThrow();
            try {
                return current.next();
            } catch (ObjectReplaced meanwhile) {
                if (current.rows > 0) {
                    throw new Unavailable(
                            "Unit " + current.unit + " of " + series + " in "
                                    + store.storage().name() + " was replaced after " + current.rows
                                    + " of its rows had been handed out; read it again, or give the store more memory than the"
                                    + " object's " + current.file.head().bytes() + " bytes",
                            meanwhile);
                }
                closePart();
                Optional<ObjectPart> end =
                        ask(current.unit, ObjectFile.END_BYTES).end().await();
                if (end.isEmpty() || !begin(current.unit, end.get())) {
                    return openNextUnit() ? nextBatch() : Optional.empty();
                }
            }
        }
    }

    private void closePart() {
        synchronized (lock) {
            part.ifPresent(Part::close);
            part = Optional.empty();
        }
    }

    private void endPart() {
        Optional<Part> ended = part;
        closePart();
        ended.ifPresent(done -> {
            done.checkCount();
            note(done.file.receipt(), done.rows);
        });
    }

    private void note(Receipt receipt, long rows) {
        receipt.entry()
                .gaps()
                .forEach(gap -> gap.range().intersection(range).ifPresent(cut -> gaps.add(gap.over(cut))));
        quarantined.addAll(receipt.entry().quarantined());
        answers.add(new Answer(
                receipt.unit().intersection(range).orElseThrow(),
                "parquet",
                store.units().name(series, receipt.unit()),
                0,
                receipt.data().exists() ? "sha256:" + receipt.data().sha256() : "",
                receipt.entry().contentHash(),
                rows,
                store.clock().instant(),
                ""));
    }

    private Provenance provenance() {
        return new Provenance(store.storage().name(), answers, gaps, quarantined);
    }

    private void close() {
        synchronized (lock) {
            closed = true;
            coming.forEach(unit -> unit.end().cancel());
            part.ifPresent(Part::close);
        }
    }

    /** The rows of one unit. */
    private final class Part {

        private final TimeRange unit;
        private final ObjectFile file;
        private Optional<Iterator<Batch>> batches = Optional.empty();
        private long rows;

        Part(TimeRange unit, ObjectPart end) throws ObjectReplaced {
            this.unit = unit;
            this.file = ObjectFile.of(store, end);
            try {
                store.units().checked(file.receipt(), series, unit);
            } catch (MarketDataException damaged) {
                file.close();
                throw damaged;
            }
        }

        /** Fetches what fits into memory of what is needed before any row is handed out. */
        void begin() throws ObjectReplaced {
            try {
                batches = Optional.of(
                        file.reader().read(series, unit.intersection(range).orElseThrow(), columns));
                file.source().awaitAsked();
            } catch (Corrupt damaged) {
                throw Repair.with(file.receipt(), damaged);
            } catch (StorageFailed failed) {
                throw failed.failure();
            } catch (ObjectReplaced replaced) {
                throw replaced;
            } catch (EOFException shorter) {
                throw Repair.with(file.receipt(), new Corrupt(Storage.message(shorter), shorter));
            } catch (IOException failed) {
                throw Storage.failed("Reading " + file.head().name(), failed);
            }
        }

        Optional<Batch> next() throws ObjectReplaced {
            try {
                Iterator<Batch> left = batches.orElseThrow();
                if (!left.hasNext()) {
                    return Optional.empty();
                }
                Batch batch = left.next();
                rows += batch.rows();
                return Optional.of(batch);
            } catch (Corrupt damaged) {
                throw Repair.with(file.receipt(), damaged);
            } catch (UncheckedIOException unreadable) {
                throw StorageFailed.unwrapped(unreadable);
            }
        }

        void checkCount() {
            Receipt receipt = file.receipt();
            if (range.contains(receipt.unit()) && rows != receipt.rows()) {
                throw new Corrupt(file.head().name() + " holds " + rows + " rows of its unit, its receipt says "
                        + receipt.rows() + Repair.advice(receipt));
            }
        }

        void close() {
            file.close();
        }
    }
}
