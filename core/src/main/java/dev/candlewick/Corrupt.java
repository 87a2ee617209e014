package dev.candlewick;

import org.jspecify.annotations.Nullable;

/** Bytes arrived, or lie in a store, and are wrong; the message names the file and, where known, line, column or row group. */
public non-sealed class Corrupt extends MarketDataException {

    private static final long serialVersionUID = 1L;

    /** Says what was tried, on what, what came back, and what to do next. */
    public Corrupt(String message) {
        this(message, null);
    }

    /** As {@link #Corrupt(String)}, keeping the cause. */
    public Corrupt(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
