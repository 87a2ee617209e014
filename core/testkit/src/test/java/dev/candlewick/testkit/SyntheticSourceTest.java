package dev.candlewick.testkit;

import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.time.Instant;

class SyntheticSourceTest extends SourceContract {

    private static final Instant PROVEN = Instant.parse("2024-03-01T00:00:00Z");

    private final SyntheticSource synthetic =
            new SyntheticSource().withHole(new Gap(empty(), GapReason.VENUE_OUTAGE, "no trades", PROVEN, Gap.NEVER));
    private final FaultySource source = FaultySource.over(synthetic);

    @Override
    protected Source openSource() {
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
        return empty();
    }

    @Override
    protected long requestsSent() {
        return 0; // it makes its rows
    }

    @Override
    protected void failNextRead() {

        source.failingRead(synthetic.reads().size() + 1, new Unavailable("The venue answered 503; try again later"));
    }

    private static TimeRange empty() {
        return TimeRange.of("2024-02-10T12:40:00Z", "2024-02-10T14:00:00Z");
    }
}
