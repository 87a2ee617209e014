package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Candles that wander, with holes. */
final class RandomBars {

    private RandomBars() {}

    /** Candles of the interval over the range, of which so many in a hundred are missing. */
    static List<Batch> candles(String interval, TimeRange range, int missingPercent, Random random) {
        Series series = Series.candles("VENUE:SPOT_PAIR:A-B", interval);
        BatchBuilder builder = new BatchBuilder(series, 1_024);
        List<Batch> batches = new ArrayList<>();
        Interval length = Interval.parse(interval);
        long cents = 10_000;
        for (Instant open = range.start(); open.isBefore(range.end()); open = length.next(open, ZoneOffset.UTC)) {
            if (random.nextInt(100) < missingPercent) {
                continue;
            }
            long first = cents;
            // Often unchanged: the cases where averages of gains or deviations are zero.
            cents = Math.max(100, cents + (random.nextInt(3) == 0 ? 0 : random.nextInt(101) - 50));
            long high = Math.max(first, cents) + random.nextInt(20);
            long low = Math.min(first, cents) - random.nextInt(20);
            BigDecimal volume = BigDecimal.valueOf(random.nextInt(1_000), 3);
            builder.row(
                    open,
                    BigDecimal.valueOf(first, 2),
                    BigDecimal.valueOf(high, 2),
                    BigDecimal.valueOf(low, 2),
                    BigDecimal.valueOf(cents, 2),
                    volume,
                    length.next(open, ZoneOffset.UTC).minusMillis(1),
                    volume.multiply(BigDecimal.valueOf(first, 2)),
                    (long) random.nextInt(50),
                    BigDecimal.ZERO,
                    BigDecimal.ZERO);
            if (builder.rows() == 1_000) {
                batches.add(builder.build());
            }
        }
        batches.add(builder.build());
        return batches;
    }
}
