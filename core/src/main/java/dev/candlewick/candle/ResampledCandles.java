package dev.candlewick.candle;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Coverage;
import dev.candlewick.DecimalColumn;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.SlotRuns;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** One pass over short candles that gives long ones. For one thread. */
final class ResampledCandles implements Iterator<Batch> {

    private static final int BATCH_ROWS = 8_192;
    // The places of Schema.CANDLES.
    private static final int OPEN_TIME = 0;
    private static final int OPEN = 1;
    private static final int HIGH = 2;
    private static final int LOW = 3;
    private static final int CLOSE = 4;
    private static final int VOLUME = 5;
    private static final int CLOSE_TIME = 6;
    private static final int QUOTE_VOLUME = 7;
    private static final int TRADES = 8;
    private static final int TAKER_BUY_VOLUME = 9;
    private static final int TAKER_BUY_QUOTE_VOLUME = 10;
    private static final int[] SUMMED = {VOLUME, QUOTE_VOLUME, TAKER_BUY_VOLUME, TAKER_BUY_QUOTE_VOLUME};

    private final Batches parts;
    private final Iterator<Batch> iterator;
    private final Cadence.Grid partGrid;
    private final Cadence.Grid grid;
    private final Series series;
    private final BatchBuilder builder;
    private final SlotRuns present;

    // The candle that is growing; none while the end is not after the start.
    private long slotStart = Long.MIN_VALUE;
    private long slotEnd = Long.MIN_VALUE;
    private long open;
    private long high;
    private long low;
    private long close;
    private long closeTime;
    private long trades;
    private final Sum128[] sums = {new Sum128(), new Sum128(), new Sum128(), new Sum128()};
    private long[][] columns = new long[11][0];

    private Optional<MissingCandles> missing;
    private int nextWithheld;
    private long lastPartEnd = Long.MIN_VALUE;

    private ResampledCandles(Batches parts, Series series, Cadence.Grid grid, Optional<MissingCandles> missing) {
        this.missing = missing;
        this.parts = parts;
        this.iterator = parts.iterator();
        this.partGrid = (Cadence.Grid) parts.series().cadence();
        this.present = new SlotRuns(partGrid);
        this.grid = grid;
        this.series = series;
        this.builder = new BatchBuilder(series, 1_024);
    }

    /** A cursor over the long candles; closing it closes the parts. */
    static Batches read(
            Batches parts, Series series, TimeRange range, Cadence.Grid grid, Optional<MissingCandles> known) {
        ResampledCandles candles = new ResampledCandles(parts, series, grid, known);
        return Batches.of(series, range, candles, candles::provenance, parts::close);
    }

    @Override
    public boolean hasNext() {
        while (builder.rows() < BATCH_ROWS && iterator.hasNext()) {
            add(iterator.next());
        }
        if (builder.rows() < BATCH_ROWS && slotStart < slotEnd) {
            missing = Optional.of(missing());
            finish();
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

    private void add(Batch batch) {
        TimeColumn times = batch.times();
        int rows = batch.rows();
        long[] opens = load(times, OPEN_TIME, rows);
        for (int i = OPEN; i <= TAKER_BUY_QUOTE_VOLUME; i++) {
            if (i != CLOSE_TIME && i != TRADES) {
                columns[i] = room(columns[i], rows);
                ((DecimalColumn) batch.columns().get(i)).copyLow(0, rows, columns[i], 0);
            }
        }
        long[] closes = load(batch.times("close_time"), CLOSE_TIME, rows);
        columns[TRADES] = room(columns[TRADES], rows);
        batch.longs("trades").copy(0, rows, columns[TRADES], 0);
        present.add(times);
        for (int from = 0; from < rows; ) {
            if (opens[from] >= slotEnd) {
                finish();
                begin(opens[from], columns[OPEN][from]);
            }
            int to = from + 1;
            while (to < rows && opens[to] < slotEnd) {
                to++;
            }
            fold(batch, from, to);
            lastPartEnd = partGrid.next(opens[to - 1]);
            closeTime = closeTime(closes[to - 1]);
            from = to;
        }
    }

    private void begin(long time, long firstPrice) {
        slotStart = grid.floor(time);
        slotEnd = grid.next(slotStart);
        open = firstPrice;
        high = Long.MIN_VALUE;
        low = Long.MAX_VALUE;
        trades = 0;
        for (Sum128 sum : sums) {
            sum.clear();
        }
    }

    private void fold(Batch batch, int from, int to) {
        high = Math.max(high, highest(columns[HIGH], from, to));
        low = Math.min(low, lowest(columns[LOW], from, to));
        close = columns[CLOSE][to - 1];
        for (int i = 0; i < SUMMED.length; i++) {
            DecimalColumn column = (DecimalColumn) batch.columns().get(SUMMED[i]);
            try {
                if (column.fitsLong()) {
                    sums[i].add(columns[SUMMED[i]], from, to);
                } else {
                    sums[i].add(column, from, to);
                }
            } catch (ArithmeticException overflow) {
                throw tooLarge(
                        "its sum of " + column.name() + " needs more than 128 bits, and the column is a "
                                + column.type(),
                        overflow);
            }
        }
        try {
            for (int row = from; row < to; row++) {
                trades = Math.addExact(trades, columns[TRADES][row]);
            }
        } catch (ArithmeticException overflow) {
            throw tooLarge("its sum of trades needs more than 64 bits, and the column is an int64", overflow);
        }
    }

    // A candle ends as long before the next one as its last part does, so a missing last part does not shorten it. A
    // part that ends more than a second early or late is irregular at the venue, and kept as published.
    private long closeTime(long partClose) {
        long margin = lastPartEnd - partClose;
        return margin >= 1 && margin <= 1_000_000 ? slotEnd - margin : partClose;
    }

    private void finish() {
        if (slotStart >= slotEnd) {
            return;
        }
        if (isWithheld()) {
            slotEnd = slotStart;
            return;
        }
        try {
            builder.time(OPEN_TIME).append(slotStart);
            builder.decimal(OPEN).appendUnscaled(open);
            builder.decimal(HIGH).appendUnscaled(high);
            builder.decimal(LOW).appendUnscaled(low);
            builder.decimal(CLOSE).appendUnscaled(close);
            builder.time(CLOSE_TIME).append(closeTime);
            builder.int64(TRADES).append(trades);
            for (int i = 0; i < SUMMED.length; i++) {
                builder.decimal(SUMMED[i]).appendUnscaled(sums[i].high(), sums[i].low());
            }
        } catch (ArithmeticException overflow) {
            builder.discardRow();
            throw tooLarge(String.valueOf(overflow.getMessage()), overflow);
        }
        builder.endRow();
        slotEnd = slotStart;
    }

    private Refused tooLarge(String why, ArithmeticException overflow) {
        return new Refused(
                "The candle of " + series + " that opens at " + TimeRange.instant(slotStart)
                        + " cannot be added up exactly: " + why,
                overflow);
    }

    // Candles finish in time order, and so do those withheld.
    private boolean isWithheld() {
        List<TimeRange> withheld = missing.map(MissingCandles::withheld).orElse(List.of());
        while (nextWithheld < withheld.size() && withheld.get(nextWithheld).endMicros() <= slotStart) {
            nextWithheld++;
        }
        return nextWithheld < withheld.size() && withheld.get(nextWithheld).startMicros() < slotEnd;
    }

    private MissingCandles missing() {
        return missing.orElseGet(() -> {
            Coverage coverage = new Coverage(
                    parts.series(),
                    parts.range(),
                    present.ranges(),
                    parts.provenance().gaps());
            return MissingCandles.ofRows(coverage.gaps(), grid, lastPartEnd);
        });
    }

    private Provenance provenance() {
        Provenance below = parts.provenance();
        return new Provenance(below.source(), below.answers(), missing().gaps(), below.quarantined());
    }

    private long[] load(TimeColumn times, int place, int rows) {
        columns[place] = room(columns[place], rows);
        times.copy(0, rows, columns[place], 0);
        return columns[place];
    }

    private static long[] room(long[] array, int rows) {
        return array.length >= rows ? array : new long[rows];
    }

    private static long highest(long[] values, int from, int to) {
        long highest = values[from];
        for (int row = from + 1; row < to; row++) {
            highest = Math.max(highest, values[row]);
        }
        return highest;
    }

    private static long lowest(long[] values, int from, int to) {
        long lowest = values[from];
        for (int row = from + 1; row < to; row++) {
            lowest = Math.min(lowest, values[row]);
        }
        return lowest;
    }
}
