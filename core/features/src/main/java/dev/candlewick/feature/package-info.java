/** Features made from ticks and candles: one implementation for batches and for live rows. */
@NullMarked
package dev.candlewick.feature;

import org.jspecify.annotations.NullMarked;
