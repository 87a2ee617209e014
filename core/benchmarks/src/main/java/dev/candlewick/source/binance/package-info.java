/** The way into the package-private parser, for the benchmarks only. */
@NullMarked
package dev.candlewick.source.binance;

import org.jspecify.annotations.NullMarked;
