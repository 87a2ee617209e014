package dev.candlewick.sink.bigquery.streaming;

import dev.candlewick.sink.bigquery.RowStreams;
import dev.candlewick.sink.bigquery.RowStreamsProvider;
import dev.candlewick.sink.bigquery.StorageAccess;

/** What {@link java.util.ServiceLoader} finds; nobody else needs it. */
public final class StorageRowStreamsProvider implements RowStreamsProvider {

    /** For {@link java.util.ServiceLoader}. */
    public StorageRowStreamsProvider() {}

    @Override
    public RowStreams open(StorageAccess access) {
        return new StorageRowStreams(new StorageClients(access, Patience.ofDefaults()), StorageRowStreams.READ_BYTES);
    }
}
