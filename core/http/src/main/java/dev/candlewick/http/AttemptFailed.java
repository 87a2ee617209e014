package dev.candlewick.http;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt did not give an answer to return, and another attempt may. */
final class AttemptFailed extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why, as far as it decides what happens next. */
    enum Kind {
        /** Repeat after a pause, within the retry budget. */
        TRANSIENT,
        /** Repeat when the pool is open again; the server did no work, so it costs no retry. */
        POOL_STOPPED,
        /** As transient, but bytes arrived and were wrong. */
        DAMAGED
    }

    private final Kind kind;
    private final @Nullable Instant notBefore;

    AttemptFailed(Kind kind, String what, @Nullable Throwable cause, @Nullable Instant notBefore) {
        super(what, cause);
        this.kind = kind;
        this.notBefore = notBefore;
    }

    Kind kind() {
        return kind;
    }

    /** What happened, as the end of a sentence. */
    String what() {
        return String.valueOf(getMessage());
    }

    /** The server's own wish. */
    Optional<Instant> notBefore() {
        return Optional.ofNullable(notBefore);
    }
}
