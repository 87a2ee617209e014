package dev.candlewick.source.tardis;

import dev.candlewick.Refused;
import org.jspecify.annotations.Nullable;

/** Tardis answered, and the answer is final: no key, a plan that does not cover it, a request that it does not know. */
public final class TardisRefused extends Refused {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;
    private final String reason;

    TardisRefused(String message, int status, ErrorBody body, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = body.code();
        this.reason = body.message();
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Tardis' own code, 0 when it gave none. */
    public int code() {
        return code;
    }

    /** What Tardis said, without secrets; may be empty. */
    public String reason() {
        return reason;
    }
}
