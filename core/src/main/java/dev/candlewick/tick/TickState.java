package dev.candlewick.tick;

import java.util.Locale;

/** What is known of a day of one instrument's ticks. */
public enum TickState {
    /** Rows are stored, and nothing of the day is open. */
    PRESENT,
    /** The recorder has the day, and there was not a single row in it: a quiet day. */
    EMPTY,
    /** The recorder has shown that it has none: an outage, a hole in its archive, not listed then. */
    ABSENT,
    /** The recorder does not have this type of data of the instrument on that day, by its own list; nobody asks. */
    NOT_OFFERED,
    /** It is to be published later. */
    UNPUBLISHED,
    /** Rows came and were wrong; they are set aside. */
    QUARANTINED,
    /**
     * The last attempt was told to come back later: the key is in use from another address, or a limit is reached. It says
     * nothing of the data, which has to be asked for again.
     */
    LOCKED,
    /** The last attempt was refused: a missing key, a plan that does not cover it. */
    REFUSED,
    /** The last attempt failed otherwise; the next may not. */
    FAILED,
    /** Nobody has asked for it, or for a part of it. */
    MISSING;

    /** Whether nothing is left to be done: stored, or shown not to exist. */
    public boolean isSettled() {
        return this == PRESENT || this == EMPTY || this == ABSENT;
    }

    /** Whether it counts among what ought to be there. */
    public boolean isExpected() {
        return this != NOT_OFFERED;
    }

    /** Reads what {@link #toString} prints. */
    public static TickState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** The name in small letters: {@code not_offered}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
