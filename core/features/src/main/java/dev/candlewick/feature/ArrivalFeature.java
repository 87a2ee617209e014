package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import dev.candlewick.Field;
import dev.candlewick.spi.ExactSum;
import java.util.List;

/** How trades arrived: their delays and the time between them. */
final class ArrivalFeature extends Feature {

    private final Median delays = new Median();
    private final ExactSum sum = new ExactSum();
    private long least;
    private long most;
    private long first;
    private long last;

    @Override
    List<FeatureColumn> columns() {
        return List.of(
                number(
                        "delay_median",
                        "ms",
                        "median of local_timestamp − timestamp; of an even number the mean of the middle two",
                        "no trade",
                        "",
                        FeatureLaw.TICKS),
                number(
                        "delay_mean",
                        "ms",
                        "mean of local_timestamp − timestamp",
                        "no trade",
                        "",
                        FeatureLaw.RECOMPUTED),
                number("delay_max", "ms", "greatest delay", "no trade", "", FeatureLaw.MAXIMUM),
                number(
                        "delay_min",
                        "ms",
                        "least delay; below 0 where clocks differ",
                        "no trade",
                        "",
                        FeatureLaw.MINIMUM),
                new FeatureColumn(
                        Field.time("max_local_timestamp").orNull(),
                        "time",
                        "when the newest of the trades arrived",
                        "no trade",
                        "",
                        FeatureLaw.MAXIMUM),
                number(
                        "interarrival_mean_ms",
                        "ms",
                        "(timestamp of the last trade − of the first) / (trade_count − 1)",
                        "fewer than 2 trades",
                        "",
                        FeatureLaw.TICKS));
    }

    @Override
    void begin(Bucket bucket) {
        delays.clear();
        sum.clear();
        least = Long.MAX_VALUE;
        most = Long.MIN_VALUE;
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        long delay = trade.arrival - trade.timestamp;
        delays.add(delay);
        sum.add(delay);
        least = Math.min(least, delay);
        most = Math.max(most, delay);
        if (bucket.trades == 1) {
            first = trade.timestamp;
        }
        last = trade.timestamp;
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        if (bucket.trades == 0) {
            for (int i = 0; i < 6; i++) {
                row.none();
            }
            return;
        }
        row.number(delays.value() / 1e3);
        row.number(sum.doubleValue(0) / bucket.trades / 1e3);
        row.number(most / 1e3);
        row.number(least / 1e3);
        row.time(bucket.newestTradeArrival);
        row.number((last - first) / (bucket.trades - 1.0) / 1e3);
    }
}
