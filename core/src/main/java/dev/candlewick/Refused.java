package dev.candlewick;

import org.jspecify.annotations.Nullable;

/** The request cannot succeed as it is: an unknown symbol, a missing key, a value that does not fit, a place that may not be written. Fix it; repeating it changes nothing. */
public non-sealed class Refused extends MarketDataException {

    private static final long serialVersionUID = 1L;

    /** Says what was tried, on what, what came back, and what to do next. */
    public Refused(String message) {
        this(message, null);
    }

    /** As {@link #Refused(String)}, keeping the cause. */
    public Refused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
