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
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One pass over trades that gives candles. For one thread. */
final class TradedCandles implements Iterator<Batch> {

    private static final int BATCH_ROWS = 8_192;
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
    private final BatchBuilder builder;
    private final SlotRuns given;
    private final LateRows unordered;

    // What is known of missing trades: before the first row from a store, else once the trades are exhausted.
    private Optional<BucketGaps> missing;
    // Candles that trades may still come for, by time; two or three of them, or those of a minute.
    private final Deque<TradeSums> growing = new ArrayDeque<>();
    // Candles that wait for what the source says at its end.
    private final List<TradeSums> held = new ArrayList<>();
    private @Nullable TradeSums current;
    private long rowsBefore;
    private boolean ended;
    private int heldGiven;

    private final long[] times = new long[CHUNK];
    private final long[] arrivals = new long[CHUNK];
    private final long[] prices = new long[CHUNK];
    private final long[] amounts = new long[CHUNK];
    private final long[] bought = new long[CHUNK];
    private final int[] sides = new int[CHUNK];

    private TradedCandles(
            Batches trades,
            Series series,
            TimeRange slots,
            Cadence.Grid grid,
            Optional<List<Gap>> known,
            TradeCandles.Options options) {
        this.trades = trades;
        this.iterator = trades.iterator();
        this.series = series;
        this.slots = slots;
        this.grid = grid;
        this.options = options;
        this.builder = new BatchBuilder(series, 1_024);
        this.given = new SlotRuns(grid);
        this.unordered = new LateRows(trades.series());
        this.missing = known.map(this::bucketGaps);
    }

    /** A cursor over the candles; closing it closes the trades. */
    static Batches read(
            Batches trades,
            Series series,
            TimeRange range,
            TimeRange slots,
            Cadence.Grid grid,
            Optional<List<Gap>> known,
            TradeCandles.Options options) {
        TradedCandles candles = new TradedCandles(trades, series, slots, grid, known, options);
        return Batches.of(series, range, candles, candles::provenance, trades::close);
    }

    @Override
    public boolean hasNext() {
        while (builder.rows() < BATCH_ROWS && !ended) {
            if (iterator.hasNext()) {
                add(iterator.next());
            } else {
                ended = true;
                finish(Long.MAX_VALUE);
                if (missing.isEmpty()) {
                    missing = Optional.of(bucketGaps(trades.provenance().gaps()));
                }
            }
        }
        while (ended && builder.rows() < BATCH_ROWS && heldGiven < held.size()) {
            give(held.get(heldGiven++));
        }
        return builder.rows() > 0;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more candles of " + series);
        }
        Batch batch = builder.build();
        given.add(batch.times());
        return batch;
    }

    private void add(Batch batch) {
        TimeColumn time = batch.times("timestamp");
        TimeColumn arrival = batch.times("local_timestamp");
        DecimalColumn price = batch.decimals("price");
        DecimalColumn amount = batch.decimals("amount");
        TextColumn side = batch.texts("side");
        int buy = side.dictionary().indexOf("buy");
        boolean narrow = price.fitsLong() && amount.fitsLong();
        for (int start = 0; start < batch.rows(); start += CHUNK) {
            int rows = Math.min(CHUNK, batch.rows() - start);
            time.copy(start, start + rows, times, 0);
            arrival.copy(start, start + rows, arrivals, 0);
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
                from = to;
            }
            rowsBefore += rows;
            finish(arrivals[rows - 1] - options.lateness());
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
    private void finish(long complete) {
        while (!growing.isEmpty() && growing.getFirst().end <= complete) {
            TradeSums candle = growing.removeFirst();
            if (candle == current) {
                current = null;
            }
            if (missing.isPresent()) {
                give(candle);
            } else {
                held.add(candle);
            }
        }
    }

    private void give(TradeSums candle) {
        if (missing.orElseThrow().isWithheld(candle.start)) {
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
        } catch (ArithmeticException unfit) {
            builder.discardRow();
            throw new Refused(
                    "The candle of " + series + " that opens at " + TimeRange.instant(candle.start)
                            + " cannot be told exactly: " + unfit.getMessage()
                            + "; features:hft columns have twelve places",
                    unfit);
        }
        builder.endRow();
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
        Instant at =
                below.answers().stream().map(Answer::at).max(Instant::compareTo).orElse(Instant.EPOCH);
        String evidence = "no trade happened then, by the trades that " + trades.range() + " has in " + below.source();
        return new Provenance(
                below.source(), below.answers(), missing.orElseThrow().gaps(given.ranges(), evidence, at), quarantined);
    }
}
