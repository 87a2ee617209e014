/** Ticks and instruments from Tardis. */
@NullMarked
package dev.candlewick.source.tardis;

import org.jspecify.annotations.NullMarked;
