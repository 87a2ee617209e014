package dev.candlewick.examples;

import org.jspecify.annotations.Nullable;

/** The command line says something that cannot be done; the message tells what and how to say it right. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        this(message, null);
    }

    UsageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
