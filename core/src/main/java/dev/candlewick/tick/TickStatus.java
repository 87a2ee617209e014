package dev.candlewick.tick;

import dev.candlewick.Coverage;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Store;
import dev.candlewick.Unavailable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a store knows of one expected day.
 *
 * @param expected whose, and when
 * @param state what is known
 * @param rows how many rows are stored
 * @param evidence what shows it, for people; may be empty
 */
public record TickStatus(ExpectedTicks expected, TickState state, long rows, String evidence) {

    /** Reads the store's ledger; asks nobody else. */
    public static TickStatus of(Store store, ExpectedTicks expected) {
        if (!expected.isOffered()) {
            return new TickStatus(expected, TickState.NOT_OFFERED, 0, expected.notOffered());
        }
        List<LedgerEntry> entries = store.ledger(expected.series(), expected.range());
        long rows = entries.stream().mapToLong(LedgerEntry::rows).sum();
        Coverage coverage = Coverage.of(expected.series(), expected.range(), entries);
        Optional<Gap> worst = coverage.gaps().stream().max(Comparator.comparingInt(gap -> weight(gap.reason())));
        TickState state =
                worst.map(gap -> state(gap.reason(), rows)).orElse(rows > 0 ? TickState.PRESENT : TickState.EMPTY);
        String evidence = worst.map(gap -> gap.reason() + (gap.evidence().isEmpty() ? "" : ": " + gap.evidence()))
                .orElse("");
        return new TickStatus(expected, state, rows, evidence);
    }

    /** Whether asking for it may bring rows, or proof that there are none. */
    public boolean isOpen() {
        return state.isExpected() && !state.isSettled();
    }

    /** What a failed attempt to fetch a day left: locked where the other side said when to come back, else refused or failed. */
    public static TickStatus failed(ExpectedTicks expected, RuntimeException cause) {
        String message = String.valueOf(cause.getMessage());
        boolean later = cause instanceof Unavailable unavailable
                && unavailable.retryAfter().isPresent();
        TickState state = cause instanceof Refused ? TickState.REFUSED : later ? TickState.LOCKED : TickState.FAILED;
        return new TickStatus(expected, state, 0, message);
    }

    /** The same day with what became of the last attempt to fetch it, if nobody could say more. */
    TickStatus afterwards(TickState attempt, String failure) {
        return state != TickState.MISSING ? this : new TickStatus(expected, attempt, rows, failure);
    }

    // What is open outweighs what is proven: a day is settled only when all of it is.
    private static int weight(GapReason reason) {
        return switch (reason) {
            case NOT_FETCHED -> 5;
            case QUARANTINED -> 4;
            case NOT_YET_PUBLISHED -> 3;
            case CONFIRMED_EMPTY -> 1;
            case VENUE_OUTAGE, BEFORE_LISTING, AFTER_DELISTING, ARCHIVE_HOLE -> 2;
        };
    }

    private static TickState state(GapReason reason, long rows) {
        return switch (reason) {
            case NOT_FETCHED -> TickState.MISSING;
            case QUARANTINED -> TickState.QUARANTINED;
            case NOT_YET_PUBLISHED -> TickState.UNPUBLISHED;
            case CONFIRMED_EMPTY -> rows > 0 ? TickState.PRESENT : TickState.EMPTY;
            case VENUE_OUTAGE, BEFORE_LISTING, AFTER_DELISTING, ARCHIVE_HOLE ->
                rows > 0 ? TickState.PRESENT : TickState.ABSENT;
        };
    }

    @Override
    public String toString() {
        return expected.series() + " " + expected.day() + ": " + state + (rows > 0 ? ", " + rows + " rows" : "")
                + (evidence.isEmpty() ? "" : " (" + evidence + ")");
    }
}
