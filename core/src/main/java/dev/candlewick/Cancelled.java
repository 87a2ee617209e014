package dev.candlewick;

import org.jspecify.annotations.Nullable;

/** The work was ended on request: by an interrupt or by {@code close()} from another thread. What was committed stays. */
public non-sealed class Cancelled extends MarketDataException {

    private static final long serialVersionUID = 1L;

    /** Says what was tried, on what, what came back, and what to do next. */
    public Cancelled(String message) {
        this(message, null);
    }

    /** As {@link #Cancelled(String)}, keeping the cause. */
    public Cancelled(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
