package dev.candlewick.feature;

/** What indicators do where a bar is missing between others. */
public enum MissingBars {
    /** A bar without trades stands in, flat at the close before; rows of such bars are flagged. */
    FILL_FORWARD,
    /** Everything before is forgotten: indicators begin anew with the next bar, and rows are given for real bars only. */
    RESTART
}
