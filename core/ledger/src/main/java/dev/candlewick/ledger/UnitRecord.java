package dev.candlewick.ledger;

import dev.candlewick.LedgerEntry;
import dev.candlewick.spi.Writes;

/**
 * What a store keeps of one unit beside its rows.
 *
 * @param entry what it knows of the unit
 * @param writes which commits wrote it; the fence against late writers
 */
public record UnitRecord(LedgerEntry entry, Writes writes) {}
