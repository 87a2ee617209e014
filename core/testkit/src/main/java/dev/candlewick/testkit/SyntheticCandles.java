package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Candles that follow from series and time alone: the same on every machine, in whatever pieces they are made. Prices
 * wander, volumes vary, all digits are used.
 */
public final class SyntheticCandles {

    private static final int BATCH_ROWS = 1_440;
    private static final long MILLISECOND = 1_000;

    private SyntheticCandles() {}

    /** A candle for every open in the range, in batches of up to a day of minutes. */
    public static List<Batch> batches(Series series, TimeRange range) {
        return batches(series, range, 0);
    }

    /**
     * As {@link #batches(Series, TimeRange)}, as the venue published them the n-th time: opens, highs, lows, times stay,
     * volumes differ.
     */
    public static List<Batch> batches(Series series, TimeRange range, int edition) {
        if (!(series.cadence() instanceof Cadence.Grid grid) || !series.schema().equals(Schema.CANDLES)) {
            throw new IllegalArgumentException("Synthetic candles are for candle series, not " + series);
        }
        long seed = seed(series);
        List<Batch> batches = new ArrayList<>();
        BatchBuilder builder = new BatchBuilder(series, BATCH_ROWS);
        long end = range.endMicros();
        for (long open = grid.ceiling(range.startMicros()); open < end; ) {
            long next = grid.next(open);
            row(builder, seed, open, next, edition);
            if (builder.rows() == BATCH_ROWS) {
                batches.add(builder.build());
            }
            open = next;
        }
        if (builder.rows() > 0) {
            batches.add(builder.build());
        }
        return List.copyOf(batches);
    }

    /** All of {@link #batches(Series, TimeRange)} as one batch. */
    public static Batch batch(Series series, TimeRange range) {
        return Rows.join(series, batches(series, range));
    }

    private static void row(BatchBuilder builder, long seed, long open, long next, int edition) {
        long first = price(seed, open);
        long last = price(seed, next);
        long noise = mix(seed ^ open * 31 ^ edition);
        long volume = (noise >>> 20) + 1;
        builder.time(0).append(open);
        builder.decimal(1).appendUnscaled(first);
        builder.decimal(2).appendUnscaled(Math.max(first, last) + (mix(seed + open) >>> 40));
        builder.decimal(3).appendUnscaled(Math.min(first, last) - (mix(seed - open) >>> 40));
        builder.decimal(4).appendUnscaled(last);
        builder.decimal(5).appendUnscaled(volume);
        builder.time(6).append(next - MILLISECOND);
        builder.decimal(7).appendUnscaled(volume * 7);
        builder.int64(8).append(noise >>> 52);
        builder.decimal(9).appendUnscaled(volume / 3);
        builder.decimal(10).appendUnscaled(volume * 2);
        builder.endRow();
    }

    // 42,000 give or take 5,500, at scale 8.
    private static long price(long seed, long time) {
        return 4_200_000_000_000L + (mix(seed ^ time) >> 24);
    }

    private static long seed(Series series) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : series.subject().toString().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ octet) * 0x100000001b3L;
        }
        return hash;
    }

    // The finish of SplitMix64: every input bit moves every output bit.
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
