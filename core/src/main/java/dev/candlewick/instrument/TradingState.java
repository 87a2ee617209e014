package dev.candlewick.instrument;

/** Whether an instrument could be traded. */
public enum TradingState {
    /** It could. */
    ACTIVE,
    /** It could not: not yet, halted, or not any more. */
    INACTIVE
}
