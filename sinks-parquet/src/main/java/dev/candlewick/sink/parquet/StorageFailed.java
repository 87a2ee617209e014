package dev.candlewick.sink.parquet;

import dev.candlewick.MarketDataException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a storage threw, on its way through the file reader, which knows only errors of input. */
final class StorageFailed extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient MarketDataException failure;

    StorageFailed(MarketDataException failure) {
        super(failure);
        this.failure = failure;
    }

    MarketDataException failure() {
        return failure;
    }

    /** What is to be thrown for an error of input: what the storage threw, if it was that. */
    static RuntimeException unwrapped(UncheckedIOException wrapped) throws ObjectReplaced {
        for (Throwable cause = wrapped.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof StorageFailed storage) {
                return storage.failure();
            } else if (cause instanceof ObjectReplaced replaced) {
                throw replaced;
            }
        }
        return wrapped;
    }
}
