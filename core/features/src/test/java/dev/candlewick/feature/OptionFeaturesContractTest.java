package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.book.BatchSource;
import dev.candlewick.book.FailingOnce;
import dev.candlewick.testkit.SourceContract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Surfaces of options do what every source does. */
class OptionFeaturesContractTest extends SourceContract {

    private static final Series CHAIN = Series.parse("DERIBIT:GROUP:OPTIONS/options_chain");
    private static final Instant NOON = Instant.parse("2024-08-08T12:00:00Z");

    private final FailingOnce chain = new FailingOnce(BatchSource.of(day()), CHAIN);

    @Override
    protected Source openSource() {
        return OptionFeatures.over(chain);
    }

    @Override
    protected Series series() {
        return Series.parse("DERIBIT:UNDERLYING:BTC/features:options:1m");
    }

    @Override
    protected Series unservedSeries() {
        return series().with(Dataset.TRADES);
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of(NOON, NOON.plusSeconds(36_000));
    }

    @Override
    protected TimeRange emptyRange() {
        return TimeRange.of("2024-08-08T01:00:00Z", "2024-08-08T02:00:00Z");
    }

    @Override
    protected long requestsSent() {
        return 0;
    }

    @Override
    protected void failNextRead() {
        chain.failNextRead();
    }

    private static List<Batch> day() {
        List<Batch> batches = new ArrayList<>();
        BatchBuilder builder = new BatchBuilder(CHAIN, 500);
        for (int second = 0; second < 36_000; second += 20) {
            Instant time = NOON.plusSeconds(second);
            List<Object> row = new ArrayList<>();
            for (Field field : CHAIN.schema().fields()) {
                row.add(
                        switch (field.name()) {
                            case "timestamp", "local_timestamp" -> time;
                            case "expiration" -> Instant.parse("2024-08-30T08:00:00Z");
                            case "symbol" -> "BTC-" + second % 3;
                            case "type" -> second % 40 == 0 ? "call" : "put";
                            case "strike_price" -> "100";
                            case "mark_iv" -> 50.0 + second % 13;
                            case "delta" -> second % 40 == 0 ? 0.4 : -0.3;
                            default -> null;
                        });
            }
            builder.row(row.toArray());
            if (builder.rows() == 500) {
                batches.add(builder.build());
            }
        }
        batches.add(builder.build());
        return batches;
    }
}
