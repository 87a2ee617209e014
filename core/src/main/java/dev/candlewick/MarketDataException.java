package dev.candlewick;

import org.jspecify.annotations.Nullable;

/**
 * What can go wrong with market data, told apart by what the caller can do about it.
 *
 * <ul>
 *   <li>{@link Unavailable}: the other side does not answer now; try again later.
 *   <li>{@link Refused}: the request, the key or the place is wrong; repeating it changes nothing.
 *   <li>{@link Corrupt}: bytes arrived or lie on disk and are wrong.
 *   <li>{@link Unconfirmed}: a commit may or may not have landed; run it again, commits are idempotent.
 *   <li>{@link Cancelled}: somebody asked for the work to end.
 * </ul>
 *
 * <p>Misuse of the API is an {@link IllegalArgumentException} or {@link IllegalStateException} at the call that made it.
 * Messages never contain secrets.
 */
public abstract sealed class MarketDataException extends RuntimeException
        permits Unavailable, Refused, Corrupt, Unconfirmed, Cancelled {

    private static final long serialVersionUID = 1L;

    MarketDataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
