package dev.candlewick.sink.parquet.testing;

import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A storage of which one request fails, or that is gone from one request on. Closing it closes the storage behind. For
 * trials that fail every request of an operation in turn: {@link #requests} says how many there are. Thread-safe.
 */
public final class FaultyStorage extends WatchedStorage {

    /** What happens to the request. */
    public enum Fault {
        /** It is not done, and that is said. */
        UNAVAILABLE,
        /** It is not done, but nobody can say so; a read is as with {@link #UNAVAILABLE}. */
        UNCONFIRMED_UNDONE,
        /** It is done, but nobody can say so; a read is as with {@link #UNAVAILABLE}. */
        UNCONFIRMED_DONE,
        /** It is not done, and neither is any later one: the network is gone. */
        GONE_BEFORE,
        /** It is done, but from then on nothing is answered. */
        GONE_AFTER
    }

    private final Predicate<Request> which;
    private final int at;
    private final Fault fault;
    private int seen;
    private boolean gone;

    private FaultyStorage(ObjectStorage behind, Predicate<Request> which, int at, Fault fault) {
        super(behind);
        this.which = which;
        this.at = at;
        this.fault = fault;
    }

    /** A storage that never fails, to count the requests of an operation. */
    public static FaultyStorage sound(ObjectStorage behind) {
        return new FaultyStorage(behind, request -> true, -1, Fault.UNAVAILABLE);
    }

    /** A storage whose request number {@code at}, counted from 0, meets the fault. */
    public static FaultyStorage failingAt(ObjectStorage behind, int at, Fault fault) {
        return new FaultyStorage(behind, request -> true, at, fault);
    }

    /** As {@link #failingAt(ObjectStorage, int, Fault)}, counting only some requests. */
    public static FaultyStorage failingAt(ObjectStorage behind, Predicate<Request> which, int at, Fault fault) {
        return new FaultyStorage(behind, which, at, fault);
    }

    /** How many requests there were, of those that count. */
    public synchronized int requests() {
        return seen;
    }

    /** Whether the fault has happened. */
    public synchronized boolean hasStruck() {
        return at >= 0 && seen > at;
    }

    @Override
    <T> T ask(Request request, String name, Supplier<T> send) {
        boolean struck;
        synchronized (this) {
            if (gone) {
                throw unavailable(request, name);
            }
            struck = which.test(request) && seen++ == at;
            gone = struck && fault == Fault.GONE_BEFORE;
        }
        if (!struck) {
            return send.get();
        }
        if (fault == Fault.UNCONFIRMED_DONE || fault == Fault.GONE_AFTER) {
            T unused = send.get(); // the answer that is lost
        }
        synchronized (this) {
            gone = fault == Fault.GONE_BEFORE || fault == Fault.GONE_AFTER;
        }
        throw request.changes() && fault != Fault.UNAVAILABLE
                ? new Unconfirmed(request + " of " + name + " had no answer (simulated); write it again", null)
                : unavailable(request, name);
    }

    private Unavailable unavailable(Request request, String name) {
        return new Unavailable(
                "Nobody answers " + request + " of " + name + " in " + name() + " (simulated); try again later");
    }
}
