package dev.candlewick.sink.parquet;

import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import java.time.Clock;

/** What a store in an object storage is made of, put together once. Thread-safe. */
final class ObjectParts implements AutoCloseable {

    /** The prefix of everything that is no data, which engines pass over. */
    static final String OWN = "_candlewick/";

    private final ObjectStorage storage;
    private final Clock clock;
    private final WriteOptions options;
    private final int memoryBytes;
    private final Requests requests;
    private final ObjectUnits units;
    private final ObjectManifests manifests;
    private final ObjectDescription description;
    private final Runnable atClose;
    private volatile boolean closed;

    ObjectParts(ParquetStore.ObjectBuilder settings) {
        this.storage = settings.storage;
        this.clock = settings.clock;
        this.options = WriteOptions.FAR_AWAY.withZstdLevel(settings.compressionLevel);
        this.memoryBytes = settings.memoryBytes;
        this.requests = new Requests(storage.name(), settings.parallelRequests);
        this.manifests = new ObjectManifests(storage);
        this.units = new ObjectUnits(this);
        this.description = new ObjectDescription(storage, settings.layout);
        this.atClose = settings.atClose;
    }

    ObjectStorage storage() {
        return storage;
    }

    Layout layout() {
        return description.layout();
    }

    Clock clock() {
        return clock;
    }

    WriteOptions options() {
        return options;
    }

    int memoryBytes() {
        return memoryBytes;
    }

    Requests requests() {
        return requests;
    }

    ObjectUnits units() {
        return units;
    }

    ObjectManifests manifests() {
        return manifests;
    }

    ObjectDescription description() {
        return description;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The store " + storage.name()
                    + " has been closed: it neither reads nor writes any more; open it again");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            requests.close();
            atClose.run();
        }
    }
}
