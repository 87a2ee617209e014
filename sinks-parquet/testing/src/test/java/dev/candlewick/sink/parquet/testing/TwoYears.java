package dev.candlewick.sink.parquet.testing;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Two years of minutes whose digits are about as random as a venue's, so that files are about as long. */
final class TwoYears {

    static final Series SERIES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    static final TimeRange RANGE = TimeRange.of("2023-01-01", "2025-01-01");
    static final List<TimeRange> MONTHS = SERIES.cadence().unit().touching(RANGE);

    private static final long MINUTE = 60_000_000L;

    private TwoYears() {}

    /** Writes month by month, as a backfill does. */
    static void write(Store store) {
        MONTHS.forEach(month -> store.write(Batches.of(SERIES, month, rows(month), Provenance.none())));
    }

    static List<Batch> rows(TimeRange range) {
        List<Batch> batches = new ArrayList<>();
        for (TimeRange day : range.split(java.time.Duration.ofDays(1))) {
            batches.add(day(day));
        }
        return batches;
    }

    private static Batch day(TimeRange range) {
        SplittableRandom random = new SplittableRandom(range.startMicros());
        BatchBuilder rows = new BatchBuilder(SERIES, 1_440);
        long cents = 1_654_000;
        for (long time = range.startMicros(); time < range.endMicros(); time += MINUTE) {
            long open = cents;
            cents += random.nextInt(-900, 901);
            long high = Math.max(open, cents) + random.nextInt(500);
            long low = Math.min(open, cents) - random.nextInt(500);
            long volume = random.nextLong(10_000L, 9_000_000L) * 1_000;
            long taker = volume / 100_000 * random.nextInt(1, 100) * 1_000;
            rows.row(
                    time,
                    price(open),
                    price(high),
                    price(low),
                    price(cents),
                    BigDecimal.valueOf(volume, 8),
                    time + MINUTE - 1_000,
                    BigDecimal.valueOf(volume / 100 * open, 8),
                    (long) random.nextInt(1, 4_000),
                    BigDecimal.valueOf(taker, 8),
                    BigDecimal.valueOf(taker / 100 * open, 8));
        }
        return rows.build();
    }

    private static BigDecimal price(long cents) {
        return BigDecimal.valueOf(cents, 2);
    }
}
