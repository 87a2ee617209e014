/**
 * The contracts that every source and store must pass, and what tests need to prove it: a store in memory, a source with a
 * known truth, wrappers that fail on purpose.
 */
@NullMarked
package dev.candlewick.testkit;

import org.jspecify.annotations.NullMarked;
