package dev.candlewick.source.tardis;

import dev.candlewick.Refused;
import org.jspecify.annotations.Nullable;

/** Tardis answered, and the answer is final: no key, a plan that does not cover it, a request that it does not know. */
public final class TardisRefused extends Refused {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;
    private final String reason;
    private final boolean keyUnknown;

    TardisRefused(String message, int status, ErrorBody body, boolean keyUnknown, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = body.code();
        this.reason = body.message();
        this.keyUnknown = keyUnknown;
    }

    private TardisRefused(TardisRefused before) {
        super(String.valueOf(before.getMessage()), before);
        this.status = before.status;
        this.code = before.code;
        this.reason = before.reason;
        this.keyUnknown = before.keyUnknown;
    }

    /** The same refusal, of a request that was not sent because of it. */
    TardisRefused again() {
        return new TardisRefused(this);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Tardis' own code, 0 when it gave none. */
    public int code() {
        return code;
    }

    /**
     * Whether a key was given and Tardis does not know it: every other request would be refused for the same reason. A
     * source does not ask again with such a key for a minute.
     */
    public boolean isKeyUnknown() {
        return keyUnknown;
    }

    /** What Tardis said, without secrets; may be empty. */
    public String reason() {
        return reason;
    }
}
