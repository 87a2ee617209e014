package dev.candlewick.feature;

import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.book.BatchSource;
import dev.candlewick.book.FailingOnce;
import dev.candlewick.testkit.SourceContract;
import java.util.List;
import java.util.Random;

/** Indicators do what every source does. */
class IndicatorsContractTest extends SourceContract {

    private static final Series MFT = Series.parse("VENUE:SPOT_PAIR:A-B/features:mft:1h");
    private static final TimeRange YEAR = TimeRange.of("2023-02-01", "2024-01-01");
    private static final Gap BEFORE = new Gap(
            TimeRange.of("2023-01-01", "2023-02-01"), GapReason.BEFORE_LISTING, "listed then", YEAR.start(), Gap.NEVER);

    private final FailingOnce candles = new FailingOnce(
            new BatchSource(RandomBars.candles("1h", YEAR, 0, new Random(7)), List.of(BEFORE)),
            MFT.with(Dataset.candles("1h")));

    @Override
    protected Source openSource() {
        return Indicators.over(candles);
    }

    @Override
    protected Series series() {
        return MFT;
    }

    @Override
    protected Series unservedSeries() {
        return MFT.with(Dataset.TRADES);
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of("2023-06-01", "2023-09-01");
    }

    @Override
    protected TimeRange emptyRange() {
        return TimeRange.of("2023-01-10", "2023-01-20");
    }

    @Override
    protected long requestsSent() {
        return 0;
    }

    @Override
    protected void failNextRead() {
        candles.failNextRead();
    }
}
