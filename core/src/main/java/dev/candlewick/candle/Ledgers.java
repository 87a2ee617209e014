package dev.candlewick.candle;

import dev.candlewick.Coverage;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;

/** What is known of candles before any is read. */
@FunctionalInterface
interface Ledgers {

    /** What is present, proven absent and unknown of the series in the range. */
    Coverage coverage(Series series, TimeRange range);
}
