package dev.candlewick.sink.parquet.testing;

import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Counts the requests to a storage and the bytes that they move, as its owner would be billed. A listing counts as one
 * request, whatever its pages. Closing it closes the storage behind. Thread-safe.
 */
public final class CountingStorage extends WatchedStorage {

    /**
     * A request that was answered or failed.
     *
     * @param request which
     * @param name of what
     * @param bytes how many bytes of content went in or out
     */
    public record Counted(Request request, String name, long bytes) {}

    private final List<Counted> counted = new ArrayList<>();

    private CountingStorage(ObjectStorage behind) {
        super(behind);
    }

    /** Counts what this storage is asked. */
    public static CountingStorage over(ObjectStorage behind) {
        return new CountingStorage(behind);
    }

    /** Starts again at nothing. */
    public void reset() {
        synchronized (counted) {
            counted.clear();
        }
    }

    /** All requests, in the order in which they ended. */
    public List<Counted> all() {
        synchronized (counted) {
            return List.copyOf(counted);
        }
    }

    /** How many requests there were. */
    public int requests() {
        return all().size();
    }

    /** How many requests of a kind there were. */
    public int requests(Request request) {
        return (int) all().stream().filter(each -> each.request() == request).count();
    }

    /** How many bytes of content were read. */
    public long bytesRead() {
        return all().stream()
                .filter(each -> !each.request().changes())
                .mapToLong(Counted::bytes)
                .sum();
    }

    /** How many bytes of content were written, also by writes whose precondition did not hold. */
    public long bytesWritten() {
        return all().stream()
                .filter(each -> each.request() == Request.WRITE)
                .mapToLong(Counted::bytes)
                .sum();
    }

    @Override
    <T> T ask(Request request, String name, Supplier<T> send) {
        long bytes = 0;
        try {
            T answer = send.get();
            bytes = bytesOf(request, answer);
            return answer;
        } finally {
            synchronized (counted) {
                counted.add(new Counted(request, name, bytes));
            }
        }
    }

    private static long bytesOf(Request request, Object answer) {
        if (answer instanceof Optional<?> some && some.isPresent()) {
            if (some.get() instanceof ObjectPart part) {
                return part.bytes().length;
            }
            if (some.get() instanceof ObjectHead head && request == Request.WRITE) {
                return head.bytes();
            }
        }
        return 0;
    }
}
