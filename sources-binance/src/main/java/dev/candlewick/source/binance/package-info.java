/** Candles from Binance: spot, USD-margined and coin-margined futures, from the public archive and the REST API. */
@NullMarked
package dev.candlewick.source.binance;

import org.jspecify.annotations.NullMarked;
