package dev.candlewick.source.binance.simulator;

/** How a caller stood with the venue when its request came in. */
public enum Standing {
    /** Free to call. */
    WELCOME,
    /** It had been told to wait by a 429, and called before the wait was over. */
    TOLD_TO_WAIT,
    /** It was banned. */
    BANNED
}
