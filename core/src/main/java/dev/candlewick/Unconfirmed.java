package dev.candlewick;

import org.jspecify.annotations.Nullable;

/** A commit was sent and its outcome is unknown. Run the same work again: the ledger is asked first, so nothing doubles. */
public non-sealed class Unconfirmed extends MarketDataException {

    private static final long serialVersionUID = 1L;

    /** Says what was tried, on what, what came back, and what to do next. */
    public Unconfirmed(String message) {
        this(message, null);
    }

    /** As {@link #Unconfirmed(String)}, keeping the cause. */
    public Unconfirmed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
