package dev.candlewick.sink.parquet.testing;

import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectListing;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Passes every request on through one method, where something can be done about it. */
abstract class WatchedStorage implements ObjectStorage {

    private final ObjectStorage behind;

    WatchedStorage(ObjectStorage behind) {
        this.behind = behind;
    }

    /** Sends the request, or does something else. */
    abstract <T> T ask(Request request, String name, Supplier<T> send);

    @Override
    public final String name() {
        return behind.name();
    }

    @Override
    public final Optional<ObjectHead> head(String name) {
        return ask(Request.HEAD, name, () -> behind.head(name));
    }

    @Override
    public final Optional<ObjectPart> read(String name, Optional<ObjectVersion> version, long offset, int count) {
        return ask(Request.READ, name, () -> behind.read(name, version, offset, count));
    }

    @Override
    public final Optional<ObjectPart> readEnd(String name, int count) {
        return ask(Request.READ_END, name, () -> behind.readEnd(name, count));
    }

    @Override
    public final Optional<ObjectHead> write(String name, ObjectBytes content, Precondition precondition) {
        return ask(Request.WRITE, name, () -> behind.write(name, content, precondition));
    }

    @Override
    public final boolean delete(String name, ObjectVersion version) {
        return ask(Request.DELETE, name, () -> behind.delete(name, version));
    }

    @Override
    public final ObjectListing list(String prefix) {
        return ask(Request.LIST, prefix, () -> behind.list(prefix));
    }

    @Override
    public final URI signedUrl(String name, Duration validity) {
        return behind.signedUrl(name, validity);
    }

    @Override
    public final void close() {
        behind.close();
    }

    @Override
    public final String toString() {
        return behind.toString();
    }
}
