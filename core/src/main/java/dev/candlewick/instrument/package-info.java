/** Instruments: their canonical keys, their definitions as they were at a time, catalogs and a registry of them, shards. */
@NullMarked
package dev.candlewick.instrument;

import org.jspecify.annotations.NullMarked;
