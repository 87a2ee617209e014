package dev.candlewick.feature;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.BucketGaps;
import dev.candlewick.spi.SlotRuns;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The book at the end of each bucket, day after day. For one thread, but for {@link #close}. */
final class BookStateDays extends RowsByDay {

    private static final Set<GapReason> UNLISTED = EnumSet.of(GapReason.BEFORE_LISTING, GapReason.AFTER_DELISTING);

    private final Source source;
    private final HftSettings settings;
    private final Series books;
    private final List<Gap> gaps = new ArrayList<>();
    private Provenance below = Provenance.none();
    private boolean closed;
    private @Nullable Batches open;

    BookStateDays(Source source, Series series, TimeRange slots, HftSettings settings) {
        super(series, slots);
        this.source = source;
        this.settings = settings;
        this.books = series.with(settings.book());
    }

    /** The arrivals that a part of a day is made of. */
    static TimeRange arrivals(TimeRange part, HftSettings settings) {
        return TimeRange.ofEpochMicros(
                midnight(part) - settings.history() - settings.earliness(), part.endMicros() + settings.lateness() + 1);
    }

    @Override
    List<Batch> work(TimeRange part, long midnight) {
        TimeRange arrivals = arrivals(part, settings);
        List<Gap> lacking =
                source instanceof Store store ? store.coverage(books, arrivals).gaps() : List.of();
        Pass pass = pass(part, arrivals, lacking);
        if (!(source instanceof Store) && !pass.provenance().gaps().isEmpty()) {
            // It told what it lacks only after rows had been made as if that were all: made anew, knowing.
            lacking = pass.provenance().gaps();
            pass = pass(part, arrivals, lacking);
        }
        BucketGaps missing = settings.acceptsBoundaries()
                ? BucketGaps.of(grid, part, lacking, 0, 0)
                : BucketGaps.of(grid, part, lacking, settings.lateness(), settings.earliness());
        List<Batch> rows = HftDays.without(pass.rows(), missing);
        missing = missing.and(pass.unknown());
        SlotRuns given = new SlotRuns(grid);
        rows.forEach(batch -> given.add(batch.times()));
        Provenance answered = pass.provenance();
        Instant at = answered.answers().stream()
                .map(Answer::at)
                .max(Instant::compareTo)
                .orElse(part.end());
        gaps.addAll(missing.gaps(
                given.ranges(), "no book was known then, by " + settings.book() + " of " + source.name(), at));
        List<QuarantinedRow> quarantined = new ArrayList<>(answered.quarantined());
        pass.early().ifPresent(quarantined::add);
        below = below.plus(new Provenance(answered.source(), answered.answers(), List.of(), quarantined));
        return rows;
    }

    private record Pass(Batch rows, List<Gap> unknown, Optional<QuarantinedRow> early, Provenance provenance) {}

    private Pass pass(TimeRange part, TimeRange arrivals, List<Gap> lost) {
        Batches batches = open(arrivals);
        try {
            States states = new States(part, arrivals, lost);
            for (Batch batch : batches) {
                if (batch.rows() > 0) {
                    states.add(new FeedRows.Books(batch, settings.bookLevels()));
                }
            }
            return new Pass(states.end(), states.unknown, states.early(), batches.provenance());
        } finally {
            synchronized (this) {
                open = null;
            }
            batches.close();
        }
    }

    private synchronized Batches open(TimeRange arrivals) {
        Batches batches = source.read(books, arrivals);
        open = batches;
        if (closed) {
            batches.close();
        }
        return batches;
    }

    Provenance provenance() {
        return new Provenance(source.name(), below.answers(), gaps, below.quarantined());
    }

    synchronized void close() {
        closed = true;
        if (open != null) {
            open.close();
        }
    }

    /** One pass over a day's book. Its time only goes forward, so that its rows need no sorting. */
    private final class States {

        private final TimeRange part;
        private final TimeRange arrivals;
        private final List<Gap> lost;
        private final BatchBuilder builder = new BatchBuilder(series, 1_024);
        private final FeatureRow row = new FeatureRow(
                builder, series.schema().fields().stream().map(Field::type).toList());
        private final List<Feature> features = BookStates.features(settings.bookLevels());
        private final Bucket bucket = new Bucket(settings.bookLevels());
        private final BookTick tick = new BookTick(settings.bookLevels());
        /** The buckets whose book a hole took, and no row has brought back. */
        private final List<Gap> unknown = new ArrayList<>();

        private Optional<Gap> lostTo = Optional.empty();
        private long read;
        private long early;
        private long firstEarly;
        private long firstEarlyArrival;
        private int nextLost;
        private long bookTime = Long.MIN_VALUE;
        private long changed;
        private long slot;

        States(TimeRange part, TimeRange arrivals, List<Gap> lost) {
            this.part = part;
            this.arrivals = arrivals;
            this.lost = lost;
            this.slot = part.startMicros();
        }

        void add(FeedRows.Books rows) {
            for (int at = 0; at < rows.rows(); at++) {
                long arrival = rows.arrivals[at];
                long timestamp = rows.timestamps[at];
                read++;
                loseUntil(arrival);
                reach(BucketEngine.bookTime(bookTime, timestamp, arrival, settings));
                rows.load(at, tick);
                bucket.book(tick);
                lostTo = Optional.empty();
                // One from too far ahead counts from its arrival; its own time is not known to anybody by then.
                changed = Math.min(timestamp, bookTime);
                if (timestamp - arrival > settings.earliness()) {
                    noteEarly(arrival);
                }
            }
        }

        // What arrived before or after the part is noted by the parts beside it, so that each row is counted once.
        private void noteEarly(long arrival) {
            if (arrival >= part.startMicros() && arrival < part.endMicros() && early++ == 0) {
                firstEarly = read;
                firstEarlyArrival = arrival;
            }
        }

        Optional<QuarantinedRow> early() {
            return early == 0
                    ? Optional.empty()
                    : Optional.of(new QuarantinedRow(
                            books.toString(),
                            firstEarly,
                            "timestamp",
                            early + (early == 1 ? " row" : " rows") + " arrived more than "
                                    + Duration.of(settings.earliness(), ChronoUnit.MICROS)
                                    + " before they happened, more than clocks may differ: they count from their arrival",
                            "the first arrived at " + TimeRange.instant(firstEarlyArrival)));
        }

        Batch end() {
            loseUntil(arrivals.endMicros());
            closeUntil(part.endMicros());
            return builder.build();
        }

        private void loseUntil(long arrival) {
            while (nextLost < lost.size() && lost.get(nextLost).range().startMicros() <= arrival) {
                Gap hole = lost.get(nextLost++);
                long from = Math.max(arrivals.startMicros(), hole.range().startMicros());
                reach(BucketEngine.bookTime(bookTime, from, from, settings));
                bucket.loseBook();
                // Where there proved to be no rows, the book is no better known than before; what is not listed has
                // none.
                if (UNLISTED.contains(hole.reason())) {
                    lostTo = Optional.empty();
                } else if (hole.reason() != GapReason.CONFIRMED_EMPTY) {
                    lostTo = Optional.of(hole);
                }
            }
        }

        private void reach(long time) {
            bookTime = time;
            closeUntil(time);
        }

        private void closeUntil(long time) {
            while (slot < part.endMicros() && grid.next(slot) <= time) {
                long end = grid.next(slot);
                if (bucket.hasBook()) {
                    append(end);
                } else if (lostTo.isPresent()) {
                    lack(lostTo.get(), end);
                }
                slot = end;
            }
        }

        private void lack(Gap hole, long end) {
            int last = unknown.size() - 1;
            boolean again = last >= 0
                    && unknown.get(last).range().endMicros() == slot
                    && hole.equals(unknown.get(last).over(hole.range()));
            long from = again ? unknown.remove(last).range().startMicros() : slot;
            unknown.add(hole.over(TimeRange.ofEpochMicros(from, end)));
        }

        private void append(long end) {
            BookTick book = bucket.book();
            row.begin();
            row.time(slot);
            row.time(Math.max(end, book.arrival));
            row.time(changed);
            for (int level = 0; level < BookStates.LEVELS; level++) {
                levels(book, 4 * level, book.hasAsk(level));
                levels(book, 4 * level + 2, book.hasBid(level));
            }
            for (Feature feature : features) {
                feature.emit(bucket, row);
            }
            builder.endRow();
        }

        private void levels(BookTick book, int cell, boolean there) {
            for (int i = cell; i < cell + 2; i++) {
                if (there) {
                    row.unscaled(book.high[i], book.low[i]);
                } else {
                    row.none();
                }
            }
        }
    }
}
