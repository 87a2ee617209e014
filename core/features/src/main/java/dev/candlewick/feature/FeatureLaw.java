package dev.candlewick.feature;

/** How a column of a longer interval follows from the same column of shorter ones. */
public enum FeatureLaw {
    /** The sum of those that there are. */
    SUM,
    /** The greatest. */
    MAXIMUM,
    /** The least. */
    MINIMUM,
    /** The first that there is. */
    FIRST,
    /** The last that there is. */
    LAST,
    /** The one of the last interval, even where that has none: a state at the end. */
    STATE,
    /** Worked out anew from other columns of the longer interval. */
    RECOMPUTED,
    /** Not at all: only ticks tell. */
    TICKS
}
