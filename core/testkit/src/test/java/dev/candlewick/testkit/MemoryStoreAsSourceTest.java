package dev.candlewick.testkit;

import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.time.Instant;
import java.util.List;

/** A store is a source. */
class MemoryStoreAsSourceTest extends SourceContract {

    private static final Instant PROVEN = Instant.parse("2024-03-01T00:00:00Z");

    private final MemoryStore store = MemoryStore.create();
    private volatile boolean failing;
    private final FaultySource source = FaultySource.over(store).beforeEveryBatch(() -> {
        if (failing) {
            failing = false;
            throw new Unavailable("The disk did not answer; try again later");
        }
    });

    @Override
    protected Source openSource() {
        store.write(new SyntheticSource().read(series(), fullRange()));
        Gap outage = new Gap(emptyRange(), GapReason.VENUE_OUTAGE, "no trades", PROVEN, Gap.NEVER);
        store.write(Batches.of(
                series(), emptyRange(), List.of(), new Provenance("s", List.of(), List.of(outage), List.of())));
        return source;
    }

    @Override
    protected Series series() {
        return Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    }

    @Override
    protected Series unservedSeries() {
        return series().with(series().dataset().filled());
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of("2024-01-30", "2024-02-02");
    }

    @Override
    protected TimeRange emptyRange() {
        return TimeRange.of("2024-02-10T12:40:00Z", "2024-02-10T14:00:00Z");
    }

    @Override
    protected long requestsSent() {
        return 0; // it holds its rows
    }

    @Override
    protected void failNextRead() {
        failing = true;
    }
}
