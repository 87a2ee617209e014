package dev.candlewick.sink.gcp.testing;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was asked of a {@link LocalCloudStorage}, and how many bytes of objects it gave and took. Thread-safe. */
public final class CloudStorageTraffic {

    private final Map<StorageCall, Integer> calls = new EnumMap<>(StorageCall.class);
    private final List<StorageRequest> requests = new ArrayList<>();
    private long bytesRead;
    private long bytesWritten;

    CloudStorageTraffic() {}

    /** How often this was asked, since the beginning or the last {@link #reset}. */
    public synchronized int count(StorageCall call) {
        return calls.getOrDefault(call, 0);
    }

    /** All requests but those for tokens. */
    public synchronized int requests() {
        return calls.values().stream().mapToInt(Integer::intValue).sum() - count(StorageCall.TOKEN);
    }

    /** The last requests of a kind, oldest first; the server remembers some ten thousand of all kinds. */
    public synchronized List<StorageRequest> requests(StorageCall call) {
        return requests.stream().filter(request -> request.call() == call).toList();
    }

    /** Bytes of content that left the server. */
    public synchronized long bytesRead() {
        return bytesRead;
    }

    /** Bytes of content that arrived, also those of writes that were refused. */
    public synchronized long bytesWritten() {
        return bytesWritten;
    }

    /** Begins to count anew. */
    public synchronized void reset() {
        calls.clear();
        requests.clear();
        bytesRead = 0;
        bytesWritten = 0;
    }

    synchronized void note(StorageRequest request) {
        calls.merge(request.call(), 1, Integer::sum);
        if (requests.size() >= MOST_REMEMBERED) {
            requests.subList(0, MOST_REMEMBERED / 2).clear();
        }
        requests.add(request);
    }

    private static final int MOST_REMEMBERED = 10_000;

    synchronized void read(long bytes) {
        bytesRead += bytes;
    }

    synchronized void written(long bytes) {
        bytesWritten += bytes;
    }

    @Override
    public synchronized String toString() {
        return calls + ", " + bytesRead + " bytes read, " + bytesWritten + " written";
    }
}
