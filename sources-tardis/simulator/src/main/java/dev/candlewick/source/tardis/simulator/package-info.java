/** A local Tardis, with its errors. */
@NullMarked
package dev.candlewick.source.tardis.simulator;

import org.jspecify.annotations.NullMarked;
