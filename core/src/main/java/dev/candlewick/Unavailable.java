package dev.candlewick;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The other side does not answer usefully now and the retries are used up; trying again later may work. */
public non-sealed class Unavailable extends MarketDataException {

    private static final long serialVersionUID = 1L;

    private final @Nullable Instant retryAfter;

    /** Says what was tried, on what, what came back, and what to do next. */
    public Unavailable(String message) {
        this(message, null);
    }

    /** As {@link #Unavailable(String)}, keeping the cause. */
    public Unavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = null;
    }

    /** As {@link #Unavailable(String)}, for a side that said when it may be asked again. */
    public Unavailable(String message, @Nullable Throwable cause, Instant retryAfter) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** When the other side may be asked again, if it said so. */
    public Optional<Instant> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
