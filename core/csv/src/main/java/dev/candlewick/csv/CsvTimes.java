package dev.candlewick.csv;

/**
 * How the times of a file are written: whole numbers since 1970-01-01T00:00:00Z. A time that every row has is held to its
 * unit: one that would lie before March 1973 is in another, and bad.
 */
public enum CsvTimes {
    /** Microseconds. */
    MICROS,
    /** Milliseconds. */
    MILLIS,
    /** Milliseconds or microseconds, told by magnitude; a file whose rows disagree is refused. */
    BY_MAGNITUDE
}
