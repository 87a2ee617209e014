package dev.candlewick.sink.gcp.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Switches of {@link LocalBigQueryStreams}: what goes wrong, once each, counted from now on. Thread-safe.
 *
 * <pre>{@code
 * server.faults().onAppend(2, AppendFault.ACKNOWLEDGEMENT_LOST);   // the second append from now
 * server.faults().onCall("BatchCommitWriteStreams", 1, CallFault.UNAVAILABLE_AFTER);
 * }</pre>
 */
public final class StreamFaults {

    /** What may happen to a request of {@code AppendRows}. */
    public enum AppendFault {
        /** The connection ends with UNAVAILABLE; nothing was written. */
        UNAVAILABLE,
        /** The rows are written and the connection ends with UNAVAILABLE before that is said. */
        ACKNOWLEDGEMENT_LOST,
        /** The stream is finalized by somebody else before the rows arrive. */
        STREAM_FINALIZED,
        /** The rows are written, that is never said, and the stream is finalized by somebody else. */
        ACKNOWLEDGEMENT_LOST_AND_FINALIZED,
        /** The stream has expired: it is not known any more. */
        STREAM_NOT_FOUND,
        /** The first and the last row are found bad; nothing of the request is written. */
        ROW_ERRORS,
        /** The response says RESOURCE_EXHAUSTED; nothing was written. */
        RESOURCE_EXHAUSTED,
        /** The response says INTERNAL; nothing was written. */
        INTERNAL,
        /** The last acknowledged rows are gone: the end of the stream moves back. No service may do that. */
        END_MOVED_BACK,
        /** No answer, ever. */
        SILENCE
    }

    /** What may happen to a call with one answer. */
    public enum CallFault {
        /** UNAVAILABLE before anything happens. */
        UNAVAILABLE,
        /** It happens, and then the answer is UNAVAILABLE. */
        UNAVAILABLE_AFTER,
        /** RESOURCE_EXHAUSTED before anything happens. */
        RESOURCE_EXHAUSTED,
        /** PERMISSION_DENIED before anything happens. */
        PERMISSION_DENIED,
        /** No answer, ever. */
        SILENCE
    }

    private final Map<Integer, AppendFault> appends = new HashMap<>();
    private final Map<String, Map<Integer, CallFault>> calls = new HashMap<>();
    private final List<Integer> readEnds = new ArrayList<>();
    private int appendsSeen;
    private final Map<String, Integer> callsSeen = new HashMap<>();
    private boolean holding;
    private Runnable release = () -> {};

    StreamFaults() {}

    /** What gives the answers that were held back. */
    synchronized void onRelease(Runnable answers) {
        release = answers;
    }

    /** Arms a fault for the {@code nth} append from now on, counted from 1 over all streams. */
    public synchronized StreamFaults onAppend(int nth, AppendFault fault) {
        appends.put(appendsSeen + nth, fault);
        return this;
    }

    /** Arms a fault for the {@code nth} call of a method such as {@code CreateWriteStream} from now on. */
    public synchronized StreamFaults onCall(String method, int nth, CallFault fault) {
        calls.computeIfAbsent(method, unseen -> new HashMap<>()).put(callsSeen.getOrDefault(method, 0) + nth, fault);
        return this;
    }

    /** The next {@code ReadRows} ends with UNAVAILABLE after so many responses; call again for the one after it. */
    public synchronized StreamFaults onRead(int responses) {
        readEnds.add(responses);
        return this;
    }

    /** From now on rows are written but no append is answered, until {@link #answer}. */
    public synchronized StreamFaults hold() {
        holding = true;
        return this;
    }

    /** Ends {@link #hold} and gives the answers that were held back. */
    public StreamFaults answer() {
        Runnable answers;
        synchronized (this) {
            holding = false;
            answers = release;
        }
        answers.run();
        return this;
    }

    synchronized boolean isHolding() {
        return holding;
    }

    synchronized Optional<AppendFault> nextAppend() {
        return Optional.ofNullable(appends.remove(++appendsSeen));
    }

    synchronized Optional<CallFault> nextCall(String method) {
        int seen = callsSeen.merge(method, 1, Integer::sum);
        return Optional.ofNullable(calls.getOrDefault(method, Map.of()).get(seen));
    }

    synchronized OptionalInt nextRead() {
        return readEnds.isEmpty() ? OptionalInt.empty() : OptionalInt.of(readEnds.remove(0));
    }

    /** How many calls of a method have arrived. */
    public synchronized int calls(String method) {
        return callsSeen.getOrDefault(method, 0);
    }

    /** How many append requests have arrived. */
    public synchronized int appends() {
        return appendsSeen;
    }
}
