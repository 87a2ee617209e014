package dev.candlewick.sink.parquet;

import dev.candlewick.LedgerEntry;

/**
 * What became of a unit in a commit.
 *
 * @param entry what is known of it now
 * @param unchanged whether that is what was known before
 */
record UnitOutcome(LedgerEntry entry, boolean unchanged) {}
