package dev.candlewick.csv;

/** Who reads and gunzips a file. */
public enum CsvThreads {
    /** A thread of its own where there is a second processor, so that parsing goes on meanwhile. */
    AVAILABLE,
    /** The thread that asks for rows. */
    CALLER,
    /** A thread of its own. */
    OWN
}
