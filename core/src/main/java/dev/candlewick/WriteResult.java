package dev.candlewick;

import java.util.List;

/**
 * What a commit did.
 *
 * @param rows rows that were appended
 * @param entries the ledger entries of the units touched, in time order, as they now stand
 * @param unchanged how many of these units already held exactly this and were left alone
 */
public record WriteResult(long rows, List<LedgerEntry> entries, int unchanged) {

    /** Copies the list. */
    public WriteResult {
        entries = List.copyOf(entries);
    }

    @Override
    public String toString() {
        return rows + " rows in " + entries.size() + (entries.size() == 1 ? " unit" : " units")
                + (unchanged == 0 ? "" : ", " + unchanged + " already there");
    }
}
