package dev.candlewick.examples;

import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Store;
import dev.candlewick.instrument.InstrumentRegistry;
import java.time.LocalDate;
import java.util.List;

/** What a store's registry of instruments knows of a venue's day. */
final class Definitions {

    private Definitions() {}

    /** Whether the day is defined, be it as one on which nothing was listed. */
    static boolean isKnown(Store store, String venue, LocalDate day) {
        List<LedgerEntry> entries = store.ledger(InstrumentRegistry.series(venue), TicksJob.day(day));
        return entries.stream().anyMatch(Definitions::says);
    }

    // A day that was asked for before it was over is in the ledger, and says nothing.
    private static boolean says(LedgerEntry entry) {
        return entry.rows() > 0
                || entry.gaps().stream().map(Gap::reason).anyMatch(reason -> reason == GapReason.CONFIRMED_EMPTY);
    }
}
