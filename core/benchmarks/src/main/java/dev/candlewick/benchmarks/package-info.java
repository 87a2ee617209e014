/**
 * Ratios against a peer or a floor, measured in one run. Started by {@code core/benchmarks/run}; the figures of record are
 * in {@code docs/benchmarks.md}.
 */
@NullMarked
package dev.candlewick.benchmarks;

import org.jspecify.annotations.NullMarked;
