package dev.candlewick.testkit;

/** Whether a store had connections before a fault. */
enum Warmth {
    /** The fault is armed before the store is opened. */
    NEW,
    /** The store has connections when the fault is armed. */
    OPEN
}
