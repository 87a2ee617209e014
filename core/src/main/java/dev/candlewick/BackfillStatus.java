package dev.candlewick;

/** How a backfill ended, told apart by what to do next. */
public enum BackfillStatus {
    /** Every row that is due is there. */
    COMPLETE(0),
    /**
     * No unit failed, and the gaps that remain are listed with their reasons. Repeating changes nothing yet where they are
     * proven; what is still {@link GapReason#NOT_FETCHED} the source gave no rows of and no reason for.
     */
    COMPLETE_WITH_GAPS(3),
    /** Some units failed; the others are committed. Running again fetches what is missing. */
    FAILED(1);

    private final int exitCode;

    BackfillStatus(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit code that tells a platform the same: 0 done, 3 done with gaps, 1 retry useful. */
    public int exitCode() {
        return exitCode;
    }
}
