package dev.candlewick.book;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.DecimalColumnBuilder;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** One pass over level changes that gives the best levels whenever they changed. For one thread. */
final class SnapshotRows implements Iterator<Batch> {

    private static final int BATCH_ROWS = 8_192;
    // The columns of a level in book:N, and where each side's price and amount stand in quotes.
    private static final int FIRST_LEVEL = 2;
    private static final int ASK_PRICE = 0;
    private static final int ASK_AMOUNT = 1;
    private static final int BID_PRICE = 2;
    private static final int BID_AMOUNT = 3;
    private static final int[] IN_QUOTES = {1, 0, 2, 3};

    private final Batches changes;
    private final Iterator<Batch> iterator;
    private final Series series;
    private final TimeRange range;
    private final long rangeStart;
    private final int levels;
    private final long silence;
    private final BatchBuilder builder;
    private final DecimalColumnBuilder[] columns;
    private final BookReplay replay = BookReplay.onEachMessage(this::onMessage);
    private final BestLevels shown;
    private final UnknownStretches unknown;

    private long lastArrived = Long.MIN_VALUE;
    private long seenSnapshots;
    private boolean ended;

    private SnapshotRows(
            Batches changes, Series series, TimeRange range, int levels, List<Gap> known, Optional<Duration> silence) {
        this.changes = changes;
        this.iterator = changes.iterator();
        this.series = series;
        this.range = range;
        this.rangeStart = range.startMicros();
        this.levels = levels;
        this.silence = silence.map(longest -> longest.toNanos() / 1_000).orElse(Long.MAX_VALUE);
        this.builder = new BatchBuilder(series, 1_024);
        this.columns = columns(series, levels);
        this.shown = new BestLevels(levels);
        this.unknown = new UnknownStretches(changes.range(), known);
    }

    /** A cursor over the best levels; closing it closes the changes. */
    static Batches read(
            Batches changes, Series series, TimeRange range, int levels, List<Gap> known, Optional<Duration> silence) {
        SnapshotRows rows = new SnapshotRows(changes, series, range, levels, known, silence);
        return Batches.of(series, range, rows, rows::provenance, changes::close);
    }

    @Override
    public boolean hasNext() {
        while (builder.rows() < BATCH_ROWS && !ended) {
            if (iterator.hasNext()) {
                accept(iterator.next());
            } else {
                replay.endMessage();
                unknown.end();
                ended = true;
            }
        }
        return builder.rows() > 0;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows of " + series);
        }
        return builder.build();
    }

    private void accept(Batch batch) {
        TimeColumn arrivals = batch.times();
        int from = 0;
        for (int row = 0; row < batch.rows(); row++) {
            long arrived = arrivals.epochMicros(row);
            boolean afterBreak = arrived >= unknown.next();
            if (afterBreak || isAfterSilence(arrived)) {
                replay.accept(batch, from, row);
                from = row;
                if (afterBreak) {
                    reset();
                    unknown.passTo(arrived);
                } else {
                    fallSilent(arrived);
                }
            }
            lastArrived = arrived;
        }
        replay.accept(batch, from, batch.rows());
    }

    private boolean isAfterSilence(long arrived) {
        return lastArrived != Long.MIN_VALUE && arrived - lastArrived > silence;
    }

    private void fallSilent(long arrived) {
        boolean wasKnown = replay.isKnown();
        long since = lastArrived + 1;
        reset();
        if (wasKnown) {
            unknown.begin(
                    since,
                    "no change of the book arrived from " + TimeRange.instant(since - 1) + " to "
                            + TimeRange.instant(arrived) + ", and what happened since is not known before a snapshot");
        }
    }

    private void reset() {
        replay.reset();
        shown.forget();
        seenSnapshots = replay.snapshots();
    }

    private void onMessage(OrderBook book, long timestamp, long arrived) {
        if (replay.snapshots() != seenSnapshots) {
            seenSnapshots = replay.snapshots();
            unknown.endAtSnapshot(arrived);
            shown.forget();
        }
        unknown.know(arrived);
        if (replay.nearest() < levels && shown.update(book) && arrived >= rangeStart) {
            append(timestamp, arrived);
        }
    }

    private void append(long timestamp, long arrived) {
        builder.time(0).append(timestamp);
        builder.time(1).append(arrived);
        for (int level = 0; level < levels; level++) {
            append(Side.ASK, level, ASK_PRICE, ASK_AMOUNT);
            append(Side.BID, level, BID_PRICE, BID_AMOUNT);
        }
        builder.endRow();
    }

    private void append(Side side, int level, int price, int amount) {
        DecimalColumnBuilder prices = columns[4 * level + price];
        DecimalColumnBuilder amounts = columns[4 * level + amount];
        if (level < shown.size(side)) {
            shown.price(side, level, prices);
            shown.amount(side, level, amounts);
        } else {
            prices.appendNull();
            amounts.appendNull();
        }
    }

    private DecimalColumnBuilder[] columns(Series of, int count) {
        DecimalColumnBuilder[] all = new DecimalColumnBuilder[4 * count];
        boolean quotes = of.dataset().equals(Dataset.QUOTES);
        for (int i = 0; i < all.length; i++) {
            all[i] = builder.decimal(FIRST_LEVEL + (quotes ? IN_QUOTES[i] : i));
        }
        return all;
    }

    private Provenance provenance() {
        Provenance below = changes.provenance();
        List<Gap> gaps = unknown.gaps(below.gaps(), range);
        return new Provenance(below.source(), below.answers(), gaps, below.quarantined());
    }
}
