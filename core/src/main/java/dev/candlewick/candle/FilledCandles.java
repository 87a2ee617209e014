package dev.candlewick.candle;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.Coverage;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.SlotRuns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One pass over stored candles that puts filled ones between them. For one thread. */
final class FilledCandles {

    private static final Set<GapReason> NEVER_FILLED =
            EnumSet.of(GapReason.NOT_YET_PUBLISHED, GapReason.BEFORE_LISTING, GapReason.AFTER_DELISTING);
    // A hole is built batch by batch while it is read, so its length does not matter.
    private static final int BATCH_ROWS = 8_192;
    // How far before the range the last close is looked for, step by step: usually the hour before has it.
    private static final List<Duration> LOOK_BACK =
            List.of(Duration.ofDays(1), Duration.ofDays(31), Duration.ofDays(366), Duration.ofDays(7_320));

    private final Series plain;
    private final Series filled;
    private final TimeRange range;
    private final Optional<Coverage> known;
    private final Supplier<Optional<LastClose>> before;
    private final Cadence.Grid grid;
    private final SlotRuns present;
    private final Deque<Gap> gaps = new ArrayDeque<>();
    private final Deque<Iterator<Batch>> ready = new ArrayDeque<>();
    private Optional<LastClose> last = Optional.empty();
    private Optional<Provenance> provenance = Optional.empty();
    private long fillFrom = Long.MIN_VALUE;
    private boolean started;
    private boolean ended;

    private FilledCandles(
            Series plain, TimeRange range, Optional<Coverage> known, Supplier<Optional<LastClose>> before) {
        this.plain = plain;
        this.filled = plain.with(plain.dataset().filled());
        this.range = range;
        this.known = known;
        this.before = before;
        this.grid = (Cadence.Grid) plain.cadence();
        this.present = new SlotRuns(grid);
    }

    /** A pass over candles whose ledger says beforehand what is missing. */
    static FilledCandles knowing(Ledgers ledgers, Source source, Series plain, TimeRange range) {
        return new FilledCandles(
                plain,
                range,
                Optional.of(ledgers.coverage(plain, range)),
                () -> lookBack(ledgers, source, plain, range.start()));
    }

    /** A pass over candles of which nothing is known before they are read. */
    static FilledCandles unknowing(Series plain, TimeRange range) {
        return new FilledCandles(plain, range, Optional.empty(), Optional::empty);
    }

    /** The candles of a cursor, whose holes are filled. */
    Iterator<Batch> over(Batches cursor) {
        Iterator<Batch> rows = cursor.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                while (!isReady() && !ended) {
                    start();
                    if (rows.hasNext()) {
                        add(rows.next());
                    } else {
                        end(cursor.provenance());
                    }
                }
                return isReady();
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("No more candles of " + filled);
                }
                return ready.getFirst().next();
            }
        };
    }

    /** What answered, and every gap as if nothing were filled. */
    Provenance provenance() {
        return provenance.orElseThrow();
    }

    private boolean isReady() {
        while (!ready.isEmpty() && !ready.getFirst().hasNext()) {
            ready.removeFirst();
        }
        return !ready.isEmpty();
    }

    private void start() {
        if (started) {
            return;
        }
        started = true;
        known.ifPresent(coverage -> {
            gaps.addAll(fillable(coverage));
            if (beginsWithGap() && !NEVER_FILLED.contains(gaps.getFirst().reason())) {
                last = before.get();
            }
        });
    }

    private boolean beginsWithGap() {
        return !gaps.isEmpty() && gaps.getFirst().range().startMicros() == grid.ceiling(range.startMicros());
    }

    private void end(Provenance below) {
        ended = true;
        Coverage all = known.orElseGet(() -> new Coverage(plain, range, present.ranges(), below.gaps()));
        if (known.isEmpty()) {
            // What lies before the last row has been filled already; a gap may begin with a row that lacks a part.
            fillable(all).stream()
                    .filter(gap -> gap.range().endMicros() > fillFrom)
                    .forEach(gaps::add);
        }
        fillBefore(Long.MAX_VALUE);
        provenance = Optional.of(new Provenance(below.source(), below.answers(), all.gaps(), below.quarantined()));
    }

    // After the last candle nobody knows whether a slot that was not asked for is due at all.
    private static List<Gap> fillable(Coverage coverage) {
        List<TimeRange> present = coverage.present().asList();
        Instant lastRow = present.isEmpty()
                ? coverage.range().start()
                : present.get(present.size() - 1).end();
        return coverage.gaps().stream()
                .filter(gap -> gap.reason() != GapReason.NOT_FETCHED
                        || gap.range().start().isBefore(lastRow))
                .toList();
    }

    private void add(Batch batch) {
        TimeColumn times = batch.times();
        present.add(times);
        int from = 0;
        for (int row = 0; row < batch.rows(); row++) {
            long time = times.epochMicros(row);
            if (known.isEmpty()) {
                noteHole(grid.floor(time));
            }
            if (!gaps.isEmpty() && gaps.getFirst().range().startMicros() < grid.floor(time)) {
                pass(batch.slice(from, row));
                fillBefore(grid.floor(time));
                from = row;
            }
            fillFrom = grid.next(time);
        }
        pass(batch.slice(from, batch.rows()));
    }

    // Two rows with nothing between them show a hole, whatever its reason turns out to be.
    private void noteHole(long open) {
        if (fillFrom != Long.MIN_VALUE && fillFrom < open) {
            gaps.add(Gap.notFetched(TimeRange.ofEpochMicros(fillFrom, open)));
        }
    }

    private void pass(Batch batch) {
        if (batch.rows() == 0) {
            return;
        }
        List<Column> columns = new ArrayList<>(batch.columns());
        columns.add(BooleanColumn.of("filled", new boolean[batch.rows()]));
        ready.add(List.of(Batch.of(filled, columns)).iterator());
        last = Optional.of(LastClose.of(batch, grid));
    }

    /** Fills the missing slots that open before a time. */
    private void fillBefore(long end) {
        while (!gaps.isEmpty() && gaps.getFirst().range().startMicros() < end) {
            Gap gap = gaps.removeFirst();
            long to = Math.min(end, gap.range().endMicros());
            if (to < gap.range().endMicros()) {
                gaps.addFirst(gap.over(TimeRange.ofEpochMicros(to, gap.range().endMicros())));
            }
            if (NEVER_FILLED.contains(gap.reason())) {
                last = Optional.empty();
            } else {
                long from = Math.max(fillFrom, gap.range().startMicros());
                last.ifPresent(close -> ready.add(fill(grid.ceiling(from), to, close)));
            }
        }
    }

    private Iterator<Batch> fill(long from, long to, LastClose close) {
        return new Iterator<>() {
            private final BatchBuilder builder = new BatchBuilder(filled, 16);
            private long open = from;

            @Override
            public boolean hasNext() {
                return open < to;
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("The hole is filled");
                }
                while (open < to && builder.rows() < BATCH_ROWS) {
                    long next = grid.next(open);
                    close.append(builder, open, next);
                    open = next;
                }
                return builder.build();
            }
        };
    }

    private static Optional<LastClose> lookBack(Ledgers ledgers, Source source, Series plain, Instant start) {
        for (Duration step : LOOK_BACK) {
            TimeRange before = TimeRange.of(start.minus(step), start);
            Coverage earlier = ledgers.coverage(plain, before);
            List<TimeRange> present = earlier.present().asList();
            if (!present.isEmpty()) {
                return carried(source, earlier, present.get(present.size() - 1));
            }
        }
        return Optional.empty();
    }

    private static Optional<LastClose> carried(Source source, Coverage earlier, TimeRange lastRun) {
        Series plain = earlier.series();
        Cadence.Grid grid = (Cadence.Grid) plain.cadence();
        boolean unlisted = earlier.proven().stream()
                .anyMatch(gap -> NEVER_FILLED.contains(gap.reason())
                        && !gap.range().start().isBefore(lastRun.end()));
        if (unlisted) {
            return Optional.empty();
        }
        long slot = Math.max(lastRun.startMicros(), grid.floor(lastRun.endMicros() - 1));
        Optional<LastClose> found = Optional.empty();
        try (Batches rows = source.read(plain, TimeRange.ofEpochMicros(slot, lastRun.endMicros()))) {
            for (Batch batch : rows) {
                if (batch.rows() > 0) {
                    found = Optional.of(LastClose.of(batch, grid));
                }
            }
        }
        return found;
    }

    /** The close that is carried forward, and how long before the next candle the venue ends one, in microseconds. */
    private record LastClose(long unscaled, long marginMicros) {

        static LastClose of(Batch batch, Cadence.Grid grid) {
            int row = batch.rows() - 1;
            long margin = grid.next(batch.times().epochMicros(row))
                    - batch.times("close_time").epochMicros(row);
            return new LastClose(
                    batch.decimals("close").unscaled(row), margin >= 1 && margin <= 1_000_000 ? margin : 1_000);
        }

        void append(BatchBuilder builder, long open, long next) {
            builder.time(0).append(open);
            for (int price = 1; price <= 4; price++) {
                builder.decimal(price).appendUnscaled(unscaled);
            }
            builder.decimal(5).appendUnscaled(0);
            builder.time(6).append(next - marginMicros);
            builder.decimal(7).appendUnscaled(0);
            builder.int64(8).append(0);
            builder.decimal(9).appendUnscaled(0);
            builder.decimal(10).appendUnscaled(0);
            builder.bool(11).append(true);
            builder.endRow();
        }
    }
}
