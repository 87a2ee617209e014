package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.LongColumn;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.source.binance.VenueApi.TimeUnit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of trades or best offers that lies on disk: looked through once as a whole, then read again for its rows, so that
 * no row of a file that turns out bad at its end was handed on and memory stays small whatever its size. Rows that are out
 * of order are sorted first. For one thread.
 */
final class ArchivedTicks implements AutoCloseable {

    private final TickRequest request;
    private final TickFile file;
    private final TickFiles.There there;
    private @Nullable Path sorted;

    /**
     * What a look through a stretch of the file showed.
     *
     * @param trail the numbers
     * @param rows how many rows the wanted part has
     * @param unit the unit of its times
     * @param outside how many rows do not belong to the period by their time
     */
    record Survey(
            IdTrail trail,
            long rows,
            TimeUnit unit,
            long outside,
            List<Long> outsideIds,
            long withdrawn,
            List<QuarantinedRow> quarantined,
            Order order) {

        /** Whether nothing is missing between its first and its last row. */
        boolean isWhole() {
            return trail.holes().isEmpty() && quarantined.isEmpty();
        }

        /** Whether it has so many holes that nobody can say which numbers are missing: it must not be filled. */
        boolean isShredded() {
            return trail.isBlurred();
        }

        String note(TickKind kind) {
            List<String> notes = new ArrayList<>();
            if (kind.isNumbered() && !trail.isEmpty()) {
                notes.add("numbers " + trail.firstId() + "–" + trail.lastId());
            }
            notes.add("times in " + (unit == TimeUnit.MILLIS ? "ms" : "µs"));
            if (order == Order.SORTED) {
                notes.add("rows were out of order and are sorted by time");
            }
            if (trail.repeated() > 0) {
                notes.add(trail.repeated() + " repeated numbers left out");
            }
            if (withdrawn > 0) {
                notes.add(withdrawn + " aggregates that the venue took back left out");
            }
            if (outside > 0) {
                notes.add(outside + " rows of another day left out"
                        + (outsideIds.isEmpty()
                                ? ""
                                : ", numbers " + outsideIds + (outside > outsideIds.size() ? " …" : "")));
            }
            if (!trail.holes().isEmpty()) {
                notes.add("numbers missing: " + IdTrail.named(trail.holes()));
            }
            return String.join("; ", notes);
        }
    }

    /** How the rows lay in the file. */
    enum Order {
        AS_PUBLISHED,
        SORTED
    }

    ArchivedTicks(TickRequest request, TickFile file, TickFiles.There there) {
        this.request = request;
        this.file = file;
        this.there = there;
    }

    TickFile file() {
        return file;
    }

    /** The answer of the file about a part of it. */
    Answer answer(TimeRange part, Survey survey) {
        Answer about = there.answer();
        return new Answer(
                        part,
                        about.route(),
                        about.request(),
                        about.status(),
                        about.checksum(),
                        about.version(),
                        survey.rows(),
                        about.at(),
                        about.note())
                .noted(survey.note(request.kind()));
    }

    /**
     * Looks through a day.
     *
     * @param part what is wanted of the day
     * @throws Corrupt when it cannot be read to its end
     */
    Survey survey(TimeRange day, TimeRange part) {
        Optional<Survey> straight = Optional.empty();
        Corrupt defect = null;
        try {
            straight = Optional.of(look(day, part, Order.AS_PUBLISHED));
        } catch (Corrupt unreadable) {
            defect = unreadable;
        }
        boolean sound = straight.isPresent()
                && straight.get().quarantined().isEmpty()
                && !straight.get().trail().isBlurred();
        if (sound || sorted != null || isAscending()) {
            return straight.orElseThrow(defect == null ? IllegalStateException::new : keep(defect));
        }
        try (InputStream csv = member()) {
            sorted = SortedLines.sort(
                    csv, TickCsv.timeColumn(request.kind()), there.answer().request());
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
        return look(day, part, Order.SORTED);
    }

    private static java.util.function.Supplier<RuntimeException> keep(Corrupt defect) {
        return () -> defect;
    }

    private Survey look(TimeRange day, TimeRange part, Order order) {
        IdTrail trail = new IdTrail();
        TimeUnit unit = TimeUnit.MILLIS;
        long rows = 0;
        long outside = 0;
        long withdrawn = 0;
        List<Long> outsideIds = new ArrayList<>();
        try (Passage passage = open()) {
            for (Optional<NumberedRows> next = passage.next(); next.isPresent(); next = passage.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new Cancelled("Reading " + there.answer().request() + " was interrupted");
                }
                NumberedRows all = next.get();
                NumberedRows inside = all.within(day);
                if (file.period().equals(day)) {
                    outside += all.rows().rows() - inside.rows().rows();
                    nameOutside(all, day, outsideIds);
                }
                for (int row = 0; row < inside.rows().rows(); row++) {
                    long micros = inside.rows().times().epochMicros(row);
                    if (micros % 1_000 != 0) {
                        unit = TimeUnit.MICROS;
                    }
                    boolean fresh = inside.ids().length == 0 || trail.accept(inside.ids()[row], micros);
                    boolean kept = fresh && !isWithdrawn(inside.rows(), row);
                    withdrawn += fresh && !kept ? 1 : 0;
                    rows += kept && micros >= part.startMicros() && micros < part.endMicros() ? 1 : 0;
                }
                Batch last = all.rows();
                if (last.rows() > 0
                        && !file.period().equals(day)
                        && last.times().epochMicros(last.rows() - 1) >= day.endMicros()) {
                    break; // the rest of a month says nothing of the day
                }
            }
            return new Survey(trail, rows, unit, outside, outsideIds, withdrawn, passage.quarantined(), order);
        }
    }

    private static void nameOutside(NumberedRows all, TimeRange day, List<Long> named) {
        if (all.ids().length == 0) {
            return;
        }
        int first = all.rows().firstRowFrom(day.startMicros());
        int last = all.rows().firstRowFrom(day.endMicros());
        for (int row = 0; row < all.ids().length && named.size() < 5; row++) {
            if (row < first || row >= last) {
                named.add(all.ids()[row]);
            } else {
                row = last - 1;
            }
        }
    }

    /** An aggregate that the venue took back keeps its number and has no trades: {@code p=0, q=0, f=-1, l=-1}. */
    boolean isWithdrawn(Batch rows, int row) {
        return request.kind() == TickKind.AGG_TRADES && rows.longs("first_id").value(row) < 0;
    }

    /** Starts to read the file; close it. */
    Passage open() {
        return new Passage(TickCsv.open(
                request.kind(),
                request.market(),
                request.series(),
                member(),
                there.answer().request()));
    }

    /** One pass through the file. */
    final class Passage implements AutoCloseable {
        private final TickCsv rows;

        private Passage(TickCsv rows) {
            this.rows = rows;
        }

        /** The next rows as they lie in the file; empty at its end. */
        Optional<NumberedRows> next() {
            Batch batch = rows.next();
            if (batch == null) {
                return Optional.empty();
            }
            if (!request.kind().isNumbered()) {
                return Optional.of(new NumberedRows(batch, new long[0]));
            }
            LongColumn numbers = batch.longs(TickCsv.NUMBER);
            long[] ids = new long[batch.rows()];
            numbers.copy(0, ids.length, ids, 0);
            return Optional.of(new NumberedRows(TickCsv.plain(request.series(), batch), ids));
        }

        List<QuarantinedRow> quarantined() {
            return rows.quarantined();
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    private boolean isAscending() {
        try (InputStream csv = member()) {
            return SortedLines.areAscending(
                    csv, TickCsv.timeColumn(request.kind()), there.answer().request());
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        } catch (Corrupt damaged) {
            return true; // what the parser said of it stands
        }
    }

    private InputStream member() {
        Path lines = sorted;
        try {
            return lines == null
                    ? ZipMember.open(
                            there.zip(), file.stem() + ".csv", there.answer().request())
                    : Files.newInputStream(lines);
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private Unavailable unreadable(IOException why) {
        return new Unavailable(there.answer().request() + " cannot be read: " + why.getMessage(), why);
    }

    @Override
    public void close() {
        there.release().run();
        Path lines = sorted;
        if (lines != null) {
            sorted = null;
            try {
                Files.deleteIfExists(lines);
            } catch (IOException busy) {
                lines.toFile().deleteOnExit();
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
