/**
 * A venue simulator: loopback HTTP servers that speak Binance's REST candles and its public archive over a
 * deterministic synthetic market, with a switch for every way in which the real venue is known to misbehave.
 *
 * <p>Start with {@link dev.candlewick.source.binance.simulator.BinanceSimulator}.
 */
@NullMarked
package dev.candlewick.source.binance.simulator;

import org.jspecify.annotations.NullMarked;
