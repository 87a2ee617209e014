package dev.candlewick.examples;

/** Whoever read our output has seen enough and closed it, as {@code head} does: no error, only a reason to stop. */
final class OutputClosed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutputClosed(Throwable cause) {
        super("The reader of the output closed it", cause);
    }
}
