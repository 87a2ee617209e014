package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.CreateWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamResponse;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.Int64Value;
import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Appends rows to one write stream, each exactly once.
 *
 * <p>Every request names the row that it begins with, counted over the stream. The service takes it only when the stream ends there, so
 * whatever happens to a connection, requests are sent again in their order until each is answered:
 *
 * <ul>
 *   <li>{@code ALREADY_EXISTS}: an earlier try was stored and its answer lost, when the stream ends where something that was
 *       sent ends. Any other end is somebody else's doing, or what this writer's predecessor wrote after the position
 *       that it handed down; then only the rows behind that end are sent.
 *   <li>{@code OUT_OF_RANGE}: rows are missing; {@link StreamHole}.
 *   <li>The stream was finalized or has expired: its number of rows tells what was stored, the others go to a new stream.
 * </ul>
 *
 * <p>All work is done by the caller's thread, answers are noted by the client's. For one thread, except {@link #close} and
 * the questions.
 */
final class Appender implements AppendCall.Listener, AutoCloseable {

    private final StorageClients clients;
    private final String table;
    private final WriteStream.Type type;
    private final DescriptorProto descriptor;
    private final long mostBytes;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Patience.Attempts attempts;

    private String stream;
    private boolean inherited;
    private long next;
    private long stored;
    private long furthest;
    private long skip;
    private int sent;
    private long bytes;
    private long answeredAt;
    private @Nullable AppendCall call;
    private @Nullable Throwable trouble;
    private @Nullable MarketDataException failure;
    private boolean closed;

    /** A request that was not answered yet. */
    private static final class Pending {
        private ProtoRows rows;
        private long offset;
        private final long bytes;
        private final IntFunction<String> names;
        private int skipped;
        private int tries;

        Pending(ProtoRows rows, long offset, long bytes, IntFunction<String> names) {
            this.rows = rows;
            this.offset = offset;
            this.bytes = bytes;
            this.names = names;
        }

        int count() {
            return rows.getSerializedRowsCount();
        }

        long end() {
            return offset + count();
        }

        void dropFirst(int stored) {
            rows = ProtoRows.newBuilder()
                    .addAllSerializedRows(rows.getSerializedRowsList().subList(stored, count()))
                    .build();
            offset += stored;
            skipped += stored;
        }

        String name(long index) {
            return names.apply(Math.toIntExact(index + skipped));
        }
    }

    /**
     * An appender to an existing stream.
     *
     * @param from the row of the stream that comes first
     * @param inherited whether somebody before this appender may have written behind {@code from}, the same rows as are to come
     */
    Appender(
            StorageClients clients,
            String table,
            WriteStream.Type type,
            DescriptorProto descriptor,
            long mostBytes,
            String stream,
            long from,
            boolean inherited) {
        this.clients = clients;
        this.table = table;
        this.type = type;
        this.descriptor = descriptor;
        this.mostBytes = mostBytes;
        this.stream = stream;
        this.next = from;
        this.stored = from;
        this.furthest = from;
        this.inherited = inherited;
        this.attempts = clients.patience().attempts();
    }

    static WriteStream create(StorageClients clients, String table, WriteStream.Type type) {
        CreateWriteStreamRequest request = CreateWriteStreamRequest.newBuilder()
                .setParent(table)
                .setWriteStream(WriteStream.newBuilder().setType(type))
                .build();
        return clients.call(
                "Making a stream into " + table,
                () -> clients.writing().createWriteStreamCallable().futureCall(request));
    }

    synchronized String stream() {
        return stream;
    }

    /** The row of the stream up to which all are stored. */
    synchronized long stored() {
        return stored;
    }

    /** Rows that were given to this appender and are not known to be stored. */
    synchronized long unanswered() {
        return next - stored;
    }

    /** Bytes of requests that are kept until they are answered. */
    synchronized long bytesInFlight() {
        return bytes;
    }

    /**
     * Sends rows, after waiting until there is room for them.
     *
     * @param names what to call a row in a message, by its place among these
     */
    synchronized void append(ProtoRows rows, long size, IntFunction<String> names) {
        requireUsable();
        int dropped = (int) Math.min(skip, rows.getSerializedRowsCount());
        skip -= dropped;
        Pending request = new Pending(rows, next - dropped, size, names);
        if (dropped > 0) {
            request.dropFirst(dropped);
            if (request.count() == 0) {
                return;
            }
        }
        while (!pending.isEmpty() && bytes + size > mostBytes) {
            advance(Long.MAX_VALUE);
        }
        requireUsable();
        request.offset = next;
        if (pending.isEmpty()) {
            // Nobody has waited for anything until now.
            attempts.succeeded();
            answeredAt = now();
        }
        pending.add(request);
        bytes += size;
        next = request.end();
        if (call != null && trouble == null) {
            send();
        }
    }

    /** Waits until all rows are stored. */
    synchronized void flush() {
        requireUsable();
        while (!pending.isEmpty()) {
            advance(Long.MAX_VALUE);
        }
        requireUsable();
    }

    /** As {@link #flush}, for so long at most; whether all rows are stored. */
    synchronized boolean flushWithin(long nanos) {
        long end = now() + nanos;
        while (!pending.isEmpty() && failure == null && end - now() > 0) {
            advance(end - now());
        }
        return pending.isEmpty() && failure == null;
    }

    /** Why nothing more can be appended; null while all is well. */
    synchronized @Nullable MarketDataException failure() {
        return failure;
    }

    private void requireUsable() {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IllegalStateException("The stream into " + table + " is closed");
        }
    }

    private long now() {
        return clients.patience().ticker().getAsLong();
    }

    /** Does what is to be done next: settles trouble, connects, sends, or waits for an answer. */
    private void advance(long mostNanos) {
        requireUsable();
        Throwable problem = trouble;
        if (problem != null) {
            settle(problem, mostNanos);
            return;
        }
        if (call == null) {
            connect();
        }
        send();
        if (pending.isEmpty()) {
            return;
        }
        long left = answeredAt + clients.patience().responseNanos() - now();
        if (left <= 0) {
            hangUp();
            trouble = new Failures.NoAnswer(
                    "no append was answered for " + clients.patience().response());
            return;
        }
        await(Math.min(left, mostNanos));
    }

    private void await(long nanos) {
        try {
            // The callers' loops ask again what they wait for.
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, nanos));
        } catch (InterruptedException interrupted) {
            throw Failures.interrupted("Writing rows into " + stream, interrupted);
        }
    }

    private void connect() {
        BigQueryWriteClient client = clients.writing();
        sent = 0;
        answeredAt = now();
        call = new AppendCall(client, stream, this);
    }

    private void send() {
        AppendCall open = call;
        if (open == null) {
            return;
        }
        Iterator<Pending> requests = pending.iterator();
        for (int i = 0; i < sent; i++) {
            requests.next();
        }
        while (requests.hasNext() && open == call) {
            Pending request = requests.next();
            if (sent == 0) {
                answeredAt = now();
            }
            request.tries++;
            sent++;
            furthest = Math.max(furthest, request.end());
            try {
                open.send(message(request, open.isFirst()));
            } catch (RuntimeException ended) {
                // Its end was or will be told to the listener, too; whoever is first.
                if (trouble == null && open == call) {
                    call = null;
                    trouble = io.grpc.Status.UNAVAILABLE.withCause(ended).asRuntimeException();
                }
                return;
            }
        }
    }

    private AppendRowsRequest message(Pending request, boolean first) {
        AppendRowsRequest.ProtoData.Builder data =
                AppendRowsRequest.ProtoData.newBuilder().setRows(request.rows);
        AppendRowsRequest.Builder message = AppendRowsRequest.newBuilder().setOffset(Int64Value.of(request.offset));
        if (first) {
            data.setWriterSchema(ProtoSchema.newBuilder().setProtoDescriptor(descriptor));
            message.setWriteStream(stream).setTraceId("candlewick");
        }
        return message.setProtoRows(data).build();
    }

    private void hangUp() {
        AppendCall open = call;
        call = null;
        sent = 0;
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void answered(AppendCall from, AppendRowsResponse response) {
        boolean gone;
        synchronized (this) {
            gone = from != call;
            if (!gone) {
                take(response);
                gone = from != call;
                notifyAll();
            }
        }
        if (gone) {
            from.cancel();
        }
    }

    private void take(AppendRowsResponse response) {
        Pending head = pending.peek();
        if (head == null || sent == 0) {
            fail(new dev.candlewick.Corrupt("Stream " + stream + " answered a request that was never sent"));
            return;
        }
        answeredAt = now();
        if (response.hasError()) {
            Failures.InResponse error = new Failures.InResponse(response.getError());
            if (response.getRowErrorsCount() > 0) {
                fail(rowErrors(head, response.getRowErrorsList(), error));
            } else if (Failures.reason(error) == StorageErrorCode.OFFSET_ALREADY_EXISTS
                    && isOurs(head, Failures.expectedOffset(error))) {
                acknowledge(head);
            } else {
                call = null;
                sent = 0;
                trouble = error;
            }
        } else if (response.getAppendResult().hasOffset()
                && response.getAppendResult().getOffset().getValue() != head.offset) {
            fail(new dev.candlewick.Corrupt("Stream " + stream + " says that it stored rows from "
                    + response.getAppendResult().getOffset().getValue() + " on, not from " + head.offset));
        } else {
            acknowledge(head);
            inherited = false; // the stream ended at this request, so a predecessor wrote nothing behind it
        }
    }

    /** Whether the rows that are there already are those of this request, by where the stream ends. */
    private boolean isOurs(Pending head, OptionalLong end) {
        return end.isPresent() && end.getAsLong() >= head.end() && (inherited || end.getAsLong() <= furthest);
    }

    private void acknowledge(Pending head) {
        pending.remove();
        sent--;
        bytes -= head.bytes;
        stored = head.end();
        attempts.succeeded();
    }

    private void fail(MarketDataException why) {
        failure = why;
        call = null;
        sent = 0;
    }

    @Override
    public synchronized void ended(AppendCall from, Throwable why) {
        if (from != call) {
            return;
        }
        call = null;
        sent = 0;
        if (!pending.isEmpty()) {
            trouble = why;
        }
        // With nothing on its way it is the service that tidies up; the next rows connect again.
        notifyAll();
    }

    private void settle(Throwable problem, long mostNanos) {
        Pending head = java.util.Objects.requireNonNull(pending.peek());
        StorageErrorCode reason = Failures.reason(problem);
        String doing = "Writing rows from " + head.offset + " on into " + stream;
        OptionalLong end = Failures.expectedOffset(problem);
        switch (reason) {
            case OFFSET_ALREADY_EXISTS, OFFSET_OUT_OF_RANGE -> {
                long rows = end.isPresent() ? end.getAsLong() : finish(stream, problem, doing);
                if (end.isPresent()) {
                    trouble = null;
                    endsAt(rows, problem);
                } else {
                    moveOn(rows, problem);
                }
            }
            case STREAM_FINALIZED, INVALID_STREAM_STATE, STREAM_ALREADY_COMMITTED ->
                moveOn(finish(stream, problem, doing), problem);
            case STREAM_NOT_FOUND -> moveOn(rowsOfLost(head, problem), problem);
            default -> {
                if (!Failures.isTransient(problem)) {
                    fail(Failures.of(doing, problem, head.tries));
                } else if (!attempts.isLeft()) {
                    fail(usedUp(doing, problem, head));
                } else {
                    trouble = null;
                    await(Math.min(attempts.nextWaitNanos(), mostNanos));
                }
            }
        }
        requireUsable();
    }

    private MarketDataException usedUp(String doing, Throwable problem, Pending head) {
        MarketDataException known = Failures.of(doing, problem, head.tries);
        return new Unavailable(
                known.getMessage() + ". Rows before " + stored + " are stored; whether later ones are, the stream tells"
                        + " when it is opened again at " + stored,
                problem);
    }

    /** The stream ends there, and is still open. */
    private void endsAt(long rows, Throwable why) {
        Pending head = java.util.Objects.requireNonNull(pending.peek());
        if (rows < head.offset) {
            fail(new StreamHole(stream, rows, head.offset, why));
        } else if (isForeign(rows)) {
            fail(foreign(rows, why));
        } else {
            dropStored(rows);
        }
    }

    /** Whether this writer's requests cannot have made the stream end there. */
    private boolean isForeign(long rows) {
        return !inherited
                && rows != stored
                && pending.stream().noneMatch(request -> request.end() == rows && rows <= furthest);
    }

    private Refused foreign(long rows, Throwable why) {
        return new Refused(
                "Stream " + stream + " ends at row " + rows + ", where nothing that was sent ends (" + stored + " to "
                        + furthest + "): somebody else writes into it. Give every writer a stream of its own",
                why);
    }

    /** Takes what is stored as answered. */
    private void dropStored(long rows) {
        for (Pending head = pending.peek(); head != null && head.offset < rows; head = pending.peek()) {
            if (head.end() <= rows) {
                pending.remove();
                bytes -= head.bytes;
                stored = head.end();
            } else {
                head.dropFirst((int) (rows - head.offset));
                stored = rows;
            }
            attempts.succeeded();
        }
    }

    /** The stream has ended for good at that row: what is behind it goes to a new one. */
    private void moveOn(long rows, Throwable why) {
        if (type != WriteStream.Type.COMMITTED) {
            fail(new Unavailable(
                    "Stream " + stream + " was ended by somebody else before all rows were in it. Nothing of it is"
                            + " visible; run again",
                    why));
            return;
        }
        if (rows < stored) {
            fail(new StreamHole(stream, rows, stored, why));
            return;
        }
        if (isForeign(rows)) {
            fail(foreign(rows, why));
            return;
        }
        dropStored(rows);
        long beyond = Math.max(0, rows - next);
        String replacement = create(clients, table, type).getName();
        trouble = null;
        stream = replacement;
        inherited = false;
        skip = beyond;
        stored = 0;
        furthest = 0;
        next = 0;
        for (Pending request : pending) {
            request.offset = next;
            request.tries = 0;
            next = request.end();
        }
    }

    private long finish(String name, Throwable why, String doing) {
        try {
            return finished(clients, name);
        } catch (Refused unknown) {
            fail(new Unconfirmed(
                    doing + " failed (" + Failures.said(why) + "), and the stream does not tell how many rows it has: "
                            + unknown.getMessage() + ". Look for the rows in the table before writing them again",
                    unknown));
            throw java.util.Objects.requireNonNull(failure);
        }
    }

    /** Ends a stream and tells how many rows it has. Ending it twice tells the same. */
    static long finished(StorageClients clients, String name) {
        FinalizeWriteStreamRequest request =
                FinalizeWriteStreamRequest.newBuilder().setName(name).build();
        FinalizeWriteStreamResponse response = clients.call(
                "Ending stream " + name,
                () -> clients.writing().finalizeWriteStreamCallable().futureCall(request));
        return response.getRowCount();
    }

    private long rowsOfLost(Pending head, Throwable why) {
        // What was refused was not stored, and nothing behind it can be. An earlier try may have been.
        if (head.tries > 1 || inherited) {
            fail(new Unconfirmed(
                    "Stream " + stream + " is not known any more, and whether the rows from " + head.offset
                            + " on were stored by an earlier try cannot be told. Look for them in the table, then open a new"
                            + " stream behind what is there",
                    why));
            throw java.util.Objects.requireNonNull(failure);
        }
        return head.offset;
    }

    private Refused rowErrors(Pending head, List<RowError> errors, Throwable why) {
        String rows = errors.stream()
                .limit(10)
                .map(error -> head.name(error.getIndex()) + ": " + error.getMessage())
                .collect(Collectors.joining("; "));
        return new Refused(
                errors.size() + (errors.size() == 1 ? " row" : " rows") + " of " + head.count() + " were refused by "
                        + table + ": " + rows + (errors.size() > 10 ? "; …" : "")
                        + ". Nothing of these " + head.count()
                        + " rows, and nothing after them, was stored; all rows before"
                        + " row " + head.offset + " of " + stream
                        + " are. Correct the rows and open the stream again there",
                why);
    }

    /** Ends at once; what was not answered may or may not be stored. */
    @Override
    public void close() {
        AppendCall open;
        boolean idle;
        synchronized (this) {
            closed = true;
            open = call;
            idle = pending.isEmpty();
            call = null;
            sent = 0;
            if (failure == null && !idle) {
                failure = new Cancelled("The stream into " + table + " was closed");
            }
            notifyAll();
        }
        if (open != null) {
            if (idle) {
                open.finish();
            } else {
                open.cancel();
            }
        }
    }
}
