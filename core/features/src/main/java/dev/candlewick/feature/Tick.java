package dev.candlewick.feature;

/** A row of ticks on its way through the engine; the object is used again. Times in microseconds since the epoch. */
abstract class Tick {

    /** When it happened, by the venue's clock; in {@link ReorderBuffer} the order. */
    long timestamp;

    /** When it arrived. */
    long arrival;

    /** Which it was of those that {@link ReorderBuffer} took in. */
    long turn;
}
