package dev.candlewick;

import java.time.Instant;

/**
 * A stretch without rows, and why. A proven gap is not asked for again before {@link #recheckAt}; it blocks nothing and
 * is never filled in silence.
 *
 * @param range where rows are missing
 * @param reason why
 * @param evidence what shows it, for people: which request, which answer; empty for {@link GapReason#NOT_FETCHED}
 * @param provenAt when it was shown; the epoch for {@link GapReason#NOT_FETCHED}
 * @param recheckAt from when on asking again makes sense; {@link #NEVER} when it does not
 */
public record Gap(TimeRange range, GapReason reason, String evidence, Instant provenAt, Instant recheckAt)
        implements Comparable<Gap> {

    /** A re-check time that does not come. */
    public static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    /** Checks that a proven gap has evidence. */
    public Gap {
        if (reason != GapReason.NOT_FETCHED && evidence.isBlank()) {
            throw new IllegalArgumentException("A gap that is " + reason + " needs evidence: " + range);
        }
    }

    /** A stretch that nobody asked for yet. */
    public static Gap notFetched(TimeRange range) {
        return new Gap(range, GapReason.NOT_FETCHED, "", Instant.EPOCH, Instant.EPOCH);
    }

    /** Whether asking the source makes sense at that time. */
    public boolean isDue(Instant now) {
        return !now.isBefore(recheckAt);
    }

    /** The same gap over another stretch. */
    public Gap over(TimeRange other) {
        return new Gap(other, reason, evidence, provenAt, recheckAt);
    }

    /** Earlier first. */
    @Override
    public int compareTo(Gap other) {
        int byRange = range.compareTo(other.range);
        return byRange != 0 ? byRange : reason.compareTo(other.reason);
    }

    @Override
    public String toString() {
        return range + " " + reason + (evidence.isEmpty() ? "" : " (" + evidence + ")");
    }
}
