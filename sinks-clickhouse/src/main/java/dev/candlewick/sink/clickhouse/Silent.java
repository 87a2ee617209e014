package dev.candlewick.sink.clickhouse;

import dev.candlewick.Unavailable;

/**
 * The server neither answered nor took anything for as long as one waits for it. Who has waited that long for nothing does
 * not wait again within the same call: it is what bounds how long a call takes on a server that is frozen.
 */
final class Silent extends Unavailable {

    private static final long serialVersionUID = 1L;

    Silent(String message, Throwable cause) {
        super(message, cause);
    }
}
