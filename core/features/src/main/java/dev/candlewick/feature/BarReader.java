package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Cadence;
import dev.candlewick.DecimalColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Schema;
import dev.candlewick.TimeColumn;
import org.jspecify.annotations.Nullable;

/** Reads bars out of a batch of candles or of features that hold candles. */
final class BarReader {

    private final TimeColumn starts;
    private final Cadence.Grid grid;
    private final boolean candles;
    private final Batch batch;
    private final DecimalColumn open;
    private final DecimalColumn high;
    private final DecimalColumn low;
    private final DecimalColumn close;
    private final DecimalColumn volume;
    private final DecimalColumn quoteVolume;
    private final LongColumn trades;
    private final @Nullable BooleanColumn filled;

    BarReader(Batch batch, Cadence.Grid grid) {
        this.batch = batch;
        this.grid = grid;
        this.candles = batch.series().schema().equals(Schema.CANDLES);
        this.starts = batch.times();
        this.open = batch.decimals("open");
        this.high = batch.decimals("high");
        this.low = batch.decimals("low");
        this.close = batch.decimals("close");
        this.volume = batch.decimals("volume");
        this.quoteVolume = batch.decimals("quote_volume");
        this.trades = batch.longs(candles ? "trades" : "trade_count");
        this.filled = candles ? null : batch.booleans("filled");
    }

    /** When the slot began that the row opened in. */
    long start(int row) {
        return grid.floor(starts.epochMicros(row));
    }

    /** Whether the row has prices of its own; a bucket in which nothing was traded has none, or those of an earlier close. */
    boolean isTraded(int row) {
        return !close.isNull(row) && (filled == null || !filled.value(row));
    }

    Bar bar(int row) {
        long start = start(row);
        return new Bar(
                start,
                candles ? grid.next(start) : batch.times("available_at").epochMicros(row),
                Decimals.value(open, row),
                Decimals.value(high, row),
                Decimals.value(low, row),
                Decimals.value(close, row),
                Decimals.value(volume, row),
                Decimals.value(quoteVolume, row),
                trades.isNull(row) ? 0 : trades.value(row));
    }
}
