/** Candles for people: typed views, records, resampling to longer intervals, forward fill at read time. */
@NullMarked
package dev.candlewick.candle;

import org.jspecify.annotations.NullMarked;
