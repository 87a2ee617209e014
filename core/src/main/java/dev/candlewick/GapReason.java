package dev.candlewick;

import java.util.Locale;

/** Why rows are missing from a stretch of time. Everything but {@link #NOT_FETCHED} has evidence. */
public enum GapReason {
    /** Nobody has asked the source for it, or every attempt failed: open work. */
    NOT_FETCHED,
    /** The source was asked, answered properly, and has nothing there. */
    CONFIRMED_EMPTY,
    /** The venue itself was down, by its own or a public record, and the source has nothing there. */
    VENUE_OUTAGE,
    /** The instrument was not listed yet. */
    BEFORE_LISTING,
    /** The instrument was no longer listed; flat candles that the venue keeps publishing do not count. */
    AFTER_DELISTING,
    /** The archive lacks it and no other route could be asked. */
    ARCHIVE_HOLE,
    /** Rows or files arrived and were wrong; they are set aside, not stored. */
    QUARANTINED,
    /** The venue has not published it yet: the candle is open or lies in the future. */
    NOT_YET_PUBLISHED;

    /** Reads what {@link #toString} prints. */
    public static GapReason parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** The name in lower case, as every surface shows it: {@code venue_outage}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
