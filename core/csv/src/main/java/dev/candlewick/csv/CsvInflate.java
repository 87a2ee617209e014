package dev.candlewick.csv;

/** What takes gzip apart; both check every length and checksum. */
public enum CsvInflate {
    /** This package's own, in Java: the quicker one. */
    OWN,
    /** {@link java.util.zip.Inflater}: the platform's zlib, the oracle of the other. */
    JDK
}
