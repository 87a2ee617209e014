package dev.candlewick.sink.bigquery;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Opens {@link RowStreams}. Found by {@link ServiceLoader}: {@code candlewick-sinks-gcp-streaming} on the class path is enough
 * for a store to read larger results, and write staged rows, by BigQuery's Storage API.
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
