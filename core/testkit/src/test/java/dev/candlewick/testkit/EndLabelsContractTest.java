package dev.candlewick.testkit;

import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.candle.EndLabels;
import java.time.Instant;

/** Candles by their end do what every source does. */
class EndLabelsContractTest extends SourceContract {

    private static final TimeRange EMPTY = TimeRange.of("2024-02-10T12:40:00Z", "2024-02-10T14:00:00Z");

    private final SyntheticSource synthetic = new SyntheticSource()
            .withHole(new Gap(
                    TimeRange.of("2024-02-10T12:00:00Z", "2024-02-10T14:00:00Z"),
                    GapReason.VENUE_OUTAGE,
                    "no trades",
                    Instant.parse("2024-03-01T00:00:00Z"),
                    Gap.NEVER));
    private final FaultySource source = FaultySource.over(synthetic);

    @Override
    protected Source openSource() {
        return EndLabels.over(source);
    }

    @Override
    protected Series series() {
        return unservedSeries().with(Dataset.candles("1m").byEnd());
    }

    @Override
    protected Series unservedSeries() {
        return Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of("2024-01-30", "2024-02-02");
    }

    @Override
    protected TimeRange emptyRange() {
        return EMPTY;
    }

    @Override
    protected long requestsSent() {
        return 0; // it makes its rows
    }

    @Override
    protected void failNextRead() {
        source.failingRead(synthetic.reads().size() + 1, new Unavailable("The venue answered 503; try again later"));
    }
}
