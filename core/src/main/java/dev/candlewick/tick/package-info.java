/** Ticks of a store for people and programs: reading them in part, and checking them. */
@NullMarked
package dev.candlewick.tick;

import org.jspecify.annotations.NullMarked;
