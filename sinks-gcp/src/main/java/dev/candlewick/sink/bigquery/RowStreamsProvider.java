package dev.candlewick.sink.bigquery;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Opens {@link RowStreams}, for code of one's own: {@link BigQueryStore} does not use them, whatever is on the class path. Found
 * by {@link ServiceLoader}, where {@code candlewick-sinks-gcp-streaming} is on the class path.
 */
public interface RowStreamsProvider {

    /** Connects lazily; the caller closes the result. */
    RowStreams open(StorageAccess access);

    /** The provider on the class path, if there is one. */
    static Optional<RowStreamsProvider> installed() {
        return ServiceLoader.load(RowStreamsProvider.class, RowStreamsProvider.class.getClassLoader())
                .findFirst();
    }
}
