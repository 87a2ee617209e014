package dev.candlewick.candle;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.DecimalColumn;
import dev.candlewick.Gap;
import dev.candlewick.LongColumn;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.BucketGaps;
import dev.candlewick.spi.LateRows;
import dev.candlewick.spi.SlotRuns;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One pass over trades that gives candles. For one thread. */
final class TradedCandles implements Iterator<Batch> {

    private static final int BATCH_ROWS = 8_192;
    private static final int BAD_NAMED = 1_000;
    private static final int FILLED = 11;
    // Rows that are summed at a time: few enough that their copies stay in the nearest caches.
    private static final int CHUNK = 1_024;
    private static final int PLACES =
            ((ColumnType.Decimal) Dataset.TRADES.schema().field("price").type()).scale();

    private final Batches trades;
    private final Iterator<Batch> iterator;
    private final Series series;
    private final TimeRange slots;
    private final Cadence.Grid grid;
    private final TradeCandles.Options options;
    private final Supplier<Optional<Close>> before;
    private final boolean filled;
    private final BatchBuilder builder;
    private final SlotRuns given;
    private final LateRows unordered;

    // What is known of missing trades: before the first row from a store, else once the trades are exhausted.
    private Optional<BucketGaps> missing;
    // Candles that trades may still come for, by time; two or three of them, or those of a minute.
    private final Deque<TradeSums> growing = new ArrayDeque<>();
    // Complete candles that are not given yet: those of a source that is no store wait for what it says at its end.
    private final Deque<TradeSums> complete = new ArrayDeque<>();
    private final List<QuarantinedRow> bad = new ArrayList<>();
    private long badRows;
    private @Nullable TradeSums current;
    private long rowsBefore;
    private boolean ended;
    // The first slot that neither a candle nor a flat one was given for, and the close that a flat one would have.
    private long nextSlot;
    private boolean begun;
    private Optional<Close> last = Optional.empty();

    private final long[] times = new long[CHUNK];
    private final long[] arrivals;
    private final long[] prices = new long[CHUNK];
    private final long[] amounts = new long[CHUNK];
    private final long[] bought = new long[CHUNK];
    private final int[] sides = new int[CHUNK];
    // How many trades each row stands for; not used where it is one.
    private final long[] counts = new long[CHUNK];

    /** The close of the candle that starts there, as an unscaled price of a candle. */
    record Close(long start, long high, long low) {

        static Close of(Batch candles, int row) {
            DecimalColumn close = candles.decimals("close");
            return new Close(candles.times().epochMicros(row), close.high(row), close.low(row));
        }
    }

    private TradedCandles(
            Batches trades,
            Series series,
            TimeRange slots,
            Cadence.Grid grid,
            Optional<List<Gap>> known,
            TradeCandles.Options options,
            Supplier<Optional<Close>> before) {
        this.trades = trades;
        this.iterator = trades.iterator();
        this.series = series;
        this.slots = slots;
        this.grid = grid;
        this.options = options;
        this.before = before;
        this.filled = series.dataset().isFilled();
        this.nextSlot = slots.startMicros();
        this.arrivals = options.areAggregates() ? times : new long[CHUNK];
        this.builder = new BatchBuilder(series, 1_024);
        this.given = new SlotRuns(grid);
        this.unordered = new LateRows(trades.series());
        this.missing = known.map(this::bucketGaps);
    }

    /**
     * A cursor over the candles; closing it closes the trades.
     *
     * @param before the close before the first slot; asked where flat candles need it
     */
    static Batches read(
            Batches trades,
            Series series,
            TimeRange range,
            TimeRange slots,
            Cadence.Grid grid,
            Optional<List<Gap>> known,
            TradeCandles.Options options,
            Supplier<Optional<Close>> before) {
        TradedCandles candles = new TradedCandles(trades, series, slots, grid, known, options, before);
        return Batches.of(series, range, candles, candles::provenance, trades::close);
    }

    @Override
    public boolean hasNext() {
        while (builder.rows() < BATCH_ROWS) {
            boolean known = missing.isPresent();
            if (!(known && giveNext()) && !gather()) {
                break;
            }
        }
        return builder.rows() > 0;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more candles of " + series);
        }
        return builder.build();
    }

    // Reads on; false at the end.
    private boolean gather() {
        if (ended) {
            return false;
        }
        if (iterator.hasNext()) {
            add(iterator.next());
        } else {
            ended = true;
            finish(Long.MAX_VALUE);
            if (missing.isEmpty()) {
                missing = Optional.of(bucketGaps(trades.provenance().gaps()));
            }
        }
        return true;
    }

    // Gives the next candle, or a flat one before it; false when neither is complete.
    private boolean giveNext() {
        TradeSums next = complete.peekFirst();
        long until = next != null ? next.start : ended ? slots.endMicros() : nextSlot;
        if (filled && giveFlat(until)) {
            return true;
        }
        if (next == null) {
            return false;
        }
        complete.removeFirst();
        give(next);
        return true;
    }

    // One flat candle that starts before then, where there is one to give.
    private boolean giveFlat(long until) {
        BucketGaps gaps = missing.orElseThrow();
        if (!begun && nextSlot < until) {
            begun = true;
            last = gaps.isIdle(nextSlot) ? before.get() : Optional.empty();
        }
        if (nextSlot >= until) {
            return false;
        }
        long start = nextSlot;
        Optional<Close> close = gaps.isIdle(start) ? last : Optional.empty();
        if (close.isEmpty() || start - close.get().start() > TradeCandles.LONGEST_IDLE) {
            last = Optional.empty();
            nextSlot = until; // until the next candle there is no close to repeat
            return false;
        }
        nextSlot = grid.next(start);
        appendFlat(start, nextSlot, close.get());
        return true;
    }

    private void appendFlat(long start, long end, Close close) {
        builder.time(0).append(start);
        for (int price = 1; price <= 4; price++) {
            builder.decimal(price).appendUnscaled(close.high(), close.low());
        }
        builder.decimal(5).appendUnscaled(0);
        builder.time(6).append(end - options.closingBefore());
        builder.decimal(7).appendUnscaled(0);
        builder.int64(8).append(0);
        builder.decimal(9).appendUnscaled(0);
        builder.decimal(10).appendUnscaled(0);
        builder.bool(FILLED).append(true);
        builder.endRow();
    }

    private void add(Batch batch) {
        TimeColumn time = batch.times("timestamp");
        TimeColumn arrival = batch.times();
        DecimalColumn price = batch.decimals("price");
        DecimalColumn amount = batch.decimals("amount");
        TextColumn side = batch.texts("side");
        int buy = side.dictionary().indexOf("buy");
        boolean narrow = price.fitsLong() && amount.fitsLong();
        for (int start = 0; start < batch.rows(); start += CHUNK) {
            int rows = Math.min(CHUNK, batch.rows() - start);
            time.copy(start, start + rows, times, 0);
            if (options.areAggregates()) {
                loadCounts(batch, start, rows);
            } else {
                arrival.copy(start, start + rows, arrivals, 0);
            }
            price.copyLow(start, start + rows, prices, 0);
            amount.copyLow(start, start + rows, amounts, 0);
            side.copyCodes(start, start + rows, sides, 0);
            for (int row = 0; row < rows; row++) {
                bought[row] = sides[row] == buy ? -1 : 0;
            }
            for (int from = 0; from < rows; ) {
                TradeSums candle = current;
                int to = candle == null ? from : endOfRun(candle, from, rows);
                if (candle == null || to == from) {
                    from += turn(from) ? 0 : 1;
                    continue;
                }
                if (narrow) {
                    candle.add(times, prices, amounts, bought, from, to);
                } else {
                    for (int row = from; row < to; row++) {
                        candle.add(times[row], price, amount, start + row, bought[row]);
                    }
                }
                if (options.areAggregates()) {
                    for (int row = from; row < to; row++) {
                        candle.countMore(counts[row] - 1);
                    }
                }
                from = to;
            }
            rowsBefore += rows;
            finish(arrival.epochMicros(start + rows - 1) - options.lateness());
        }
    }

    // Aggregates of no trade are moved to where no candle is.
    private void loadCounts(Batch batch, int start, int rows) {
        LongColumn firsts = batch.longs("first_id");
        LongColumn lasts = batch.longs("last_id");
        for (int row = 0; row < rows; row++) {
            long first = firsts.value(start + row);
            long last = lasts.value(start + row);
            counts[row] = last - first + 1;
            if (first >= 0 && counts[row] > 0) {
                continue;
            }
            if (first >= 0) {
                setAside(batch, row, first, last);
            }
            times[row] = Long.MIN_VALUE;
        }
    }

    private void setAside(Batch batch, int row, long first, long after) {
        if (times[row] >= slots.startMicros() && times[row] < slots.endMicros() && ++badRows <= BAD_NAMED) {
            bad.add(new QuarantinedRow(
                    batch.series().toString(),
                    rowsBefore + row + 1,
                    "last_id",
                    "its last trade is before its first, " + first,
                    Long.toString(after)));
        }
    }

    // Where the first row stands that is not of this candle, or did not arrive in time.
    private int endOfRun(TradeSums candle, int from, int rows) {
        long start = candle.start;
        long end = candle.end;
        long lateness = options.lateness();
        long earliness = -options.earliness();
        int row = from;
        while (row < rows) {
            long time = times[row];
            long delay = arrivals[row] - time;
            if (time < start || time >= end || delay > lateness || delay < earliness) {
                break;
            }
            row++;
        }
        return row;
    }

    // Turns to the candle of the row; false when the row counts in none that was asked for.
    private boolean turn(int row) {
        long time = times[row];
        if (time < slots.startMicros() || time >= slots.endMicros()) {
            return false;
        }
        long delay = arrivals[row] - time;
        if (delay > options.lateness() || delay < -options.earliness()) {
            unordered.add(rowsBefore + row + 1, time, arrivals[row]);
            return false;
        }
        current = candle(time);
        return true;
    }

    private TradeSums candle(long time) {
        for (TradeSums candle : growing) {
            if (time >= candle.start && time < candle.end) {
                return candle;
            }
        }
        long start = grid.floor(time);
        TradeSums candle = new TradeSums(start, grid.next(start));
        Deque<TradeSums> later = new ArrayDeque<>();
        while (!growing.isEmpty() && growing.getLast().start > start) {
            later.addFirst(growing.removeLast());
        }
        growing.addLast(candle);
        growing.addAll(later);
        return candle;
    }

    // Trades that arrive from now on happened at or after the time.
    private void finish(long until) {
        while (!growing.isEmpty() && growing.getFirst().end <= until) {
            TradeSums candle = growing.removeFirst();
            if (candle == current) {
                current = null;
            }
            complete.addLast(candle);
        }
    }

    private void give(TradeSums candle) {
        nextSlot = candle.end;
        begun = true;
        if (missing.orElseThrow().isWithheld(candle.start)) {
            last = Optional.empty();
            return;
        }
        try {
            builder.time(0).append(candle.start);
            append(1, candle.open(PLACES));
            append(2, candle.high(PLACES));
            append(3, candle.low(PLACES));
            append(4, candle.close(PLACES));
            append(5, candle.volume(PLACES));
            builder.time(6).append(candle.end - options.closingBefore());
            append(7, candle.quoteVolume(2 * PLACES, places(7)));
            builder.int64(8).append(candle.trades());
            append(9, candle.buyVolume(PLACES));
            append(10, candle.buyQuoteVolume(2 * PLACES, places(10)));
            if (filled) {
                builder.bool(FILLED).append(false);
            }
        } catch (ArithmeticException unfit) {
            builder.discardRow();
            throw new Refused(
                    "The candle of " + series + " that opens at " + TimeRange.instant(candle.start)
                            + " cannot be told exactly: " + unfit.getMessage()
                            + "; features:hft columns have twelve places",
                    unfit);
        }
        builder.endRow();
        given.add(candle.start);
        if (filled) {
            last = Optional.of(close(candle));
        }
    }

    private Close close(TradeSums candle) {
        BigInteger unscaled = candle.close(PLACES).setScale(places(4)).unscaledValue();
        return new Close(candle.start, unscaled.shiftRight(64).longValue(), unscaled.longValue());
    }

    private void append(int column, BigDecimal value) {
        builder.decimal(column).append(value);
    }

    private int places(int column) {
        return ((ColumnType.Decimal) series.schema().fields().get(column).type()).scale();
    }

    private BucketGaps bucketGaps(List<Gap> gaps) {
        return options.boundariesAccepted()
                ? BucketGaps.of(grid, slots, gaps, 0, 0)
                : BucketGaps.of(grid, slots, gaps, options.lateness(), options.earliness());
    }

    private Provenance provenance() {
        Provenance below = trades.provenance();
        List<QuarantinedRow> quarantined = new ArrayList<>(below.quarantined());
        quarantined.addAll(unordered.rows());
        quarantined.addAll(bad);
        if (badRows > BAD_NAMED) {
            quarantined.add(new QuarantinedRow(
                    trades.series().toString(),
                    0,
                    "last_id",
                    (badRows - BAD_NAMED) + " more rows end before they begin",
                    ""));
        }
        Instant at =
                below.answers().stream().map(Answer::at).max(Instant::compareTo).orElse(Instant.EPOCH);
        String evidence = "no trade happened then, by the trades that " + trades.range() + " has in " + below.source();
        return new Provenance(
                below.source(), below.answers(), missing.orElseThrow().gaps(given.ranges(), evidence, at), quarantined);
    }
}
