package dev.candlewick.http;

/** What an answer means for the request and for everybody who draws on the same pool. */
public enum Outcome {
    /** The answer is what was asked for. */
    ANSWERED,
    /** The server could not, this time; the request may be repeated. */
    TRANSIENT,
    /** The pool asked too much; nobody asks again before the time the server names. */
    THROTTLED,
    /** The pool is banned; nobody asks again before the ban ends. */
    BANNED,
    /** A firewall; final for this request, and the pool rests for minutes. */
    FORBIDDEN,
    /** The place is not served; final. */
    GEO_BLOCKED,
    /** The request is wrong; final. */
    REFUSED;

    /** What a status means in plain HTTP, before a venue has its say. */
    public static Outcome of(int status) {
        if (status >= 200 && status < 300) {
            return ANSWERED;
        }
        return switch (status) {
            case 403 -> FORBIDDEN;
            case 408, 425 -> TRANSIENT;
            case 418 -> BANNED;
            case 429 -> THROTTLED;
            case 451 -> GEO_BLOCKED;
            default -> status >= 500 ? TRANSIENT : REFUSED;
        };
    }
}
