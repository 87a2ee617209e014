package dev.candlewick.sink.bigquery.streaming;

import com.google.api.gax.rpc.ResponseObserver;
import com.google.api.gax.rpc.StreamController;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The record batches of one read session, over all its streams at once, each row once: a stream that breaks is opened again behind the
 * last row that arrived. Two responses per stream are on their way at most. For one thread, except {@link #close}.
 */
final class SessionRead implements AutoCloseable {

    private static final int RESPONSES_AHEAD = 2;

    private final StorageClients clients;
    private final String doing;
    private final ReadSession session;
    private final List<OpenStream> streams = new ArrayList<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private int open;
    private volatile boolean closed;

    /** What a stream said: a response, an error, or neither when it is at its end. */
    private record Event(
            OpenStream stream, long generation, Optional<ReadRowsResponse> response, Optional<Throwable> failure) {}

    /** Asks for a session. */
    SessionRead(
            StorageClients clients,
            String doing,
            String table,
            List<String> columns,
            String restriction,
            int mostStreams) {
        this.clients = clients;
        this.doing = doing;
        ReadSession.TableReadOptions options = ReadSession.TableReadOptions.newBuilder()
                .addAllSelectedFields(columns)
                .setRowRestriction(restriction)
                .build();
        CreateReadSessionRequest request = CreateReadSessionRequest.newBuilder()
                .setParent("projects/" + clients.access().project())
                .setMaxStreamCount(mostStreams)
                .setReadSession(ReadSession.newBuilder()
                        .setTable(table)
                        .setDataFormat(DataFormat.ARROW)
                        .setReadOptions(options)
                        .setTraceId("candlewick"))
                .build();
        this.session = clients.call(
                doing, () -> clients.reading().createReadSessionCallable().futureCall(request));
    }

    /** What the columns are. */
    com.google.protobuf.ByteString schema() {
        return session.getArrowSchema().getSerializedSchema();
    }

    /** How many rows the service expects, which need not be true. */
    long estimatedRows() {
        return session.getEstimatedRowCount();
    }

    /** The next record batch of any stream; empty at the end of all. */
    Optional<com.google.protobuf.ByteString> next() {
        if (streams.isEmpty() && session.getStreamsCount() > 0) {
            session.getStreamsList().forEach(each -> streams.add(new OpenStream(each.getName())));
            open = streams.size();
            streams.forEach(OpenStream::begin);
        }
        while (open > 0) {
            Event event = await();
            OpenStream stream = event.stream();
            if (event.generation() != stream.generation) {
                continue;
            }
            if (event.response().isPresent()) {
                ReadRowsResponse response = event.response().get();
                stream.rows += response.getRowCount();
                stream.attempts.succeeded();
                stream.more();
                if (response.hasArrowRecordBatch()) {
                    return Optional.of(response.getArrowRecordBatch().getSerializedRecordBatch());
                }
            } else if (event.failure().isPresent()) {
                stream.again(event.failure().get());
            } else {
                // Here and not where it is heard: a call that was given up must not end the one after it.
                stream.ended = true;
                open--;
            }
        }
        return Optional.empty();
    }

    private Event await() {
        try {
            Event event = events.poll(clients.patience().responseNanos(), TimeUnit.NANOSECONDS);
            if (closed) {
                throw new Cancelled(doing + " was closed before its end");
            }
            if (event != null) {
                return event;
            }
        } catch (InterruptedException interrupted) {
            close();
            throw Failures.interrupted(doing, interrupted);
        }
        OpenStream silent = streams.stream()
                .filter(stream -> !stream.ended)
                .findFirst()
                .orElseThrow(() -> new Corrupt(doing + " failed: no stream is left, but not all have ended"));
        return new Event(
                silent,
                silent.generation,
                Optional.empty(),
                Optional.of(new Failures.NoAnswer(
                        "there was no answer for " + clients.patience().response())));
    }

    /** Ends it; a blocked {@link #next} ends with {@link Cancelled}. */
    @Override
    public void close() {
        closed = true;
        for (OpenStream stream : List.copyOf(streams)) {
            stream.cancel();
            events.add(new Event(stream, -1, Optional.empty(), Optional.empty()));
        }
    }

    /** One stream of the session, and how far it was read. */
    private final class OpenStream {

        private final String name;
        private final Patience.Attempts attempts = clients.patience().attempts();
        private volatile @Nullable StreamController controller;
        private long rows;
        private long generation;
        private boolean ended;

        OpenStream(String name) {
            this.name = name;
        }

        void begin() {
            if (closed) {
                throw new Cancelled(doing + " was closed before its end");
            }
            long mine = ++generation;
            BigQueryReadClient client = clients.reading();
            ReadRowsRequest request = ReadRowsRequest.newBuilder()
                    .setReadStream(name)
                    .setOffset(rows)
                    .build();
            client.readRowsCallable().call(request, new ResponseObserver<>() {
                @Override
                public void onStart(StreamController started) {
                    controller = started;
                    started.disableAutoInboundFlowControl();
                    started.request(RESPONSES_AHEAD);
                }

                @Override
                public void onResponse(ReadRowsResponse response) {
                    events.add(new Event(OpenStream.this, mine, Optional.of(response), Optional.empty()));
                }

                @Override
                public void onError(Throwable failure) {
                    events.add(new Event(OpenStream.this, mine, Optional.empty(), Optional.of(failure)));
                }

                @Override
                public void onComplete() {
                    events.add(new Event(OpenStream.this, mine, Optional.empty(), Optional.empty()));
                }
            });
        }

        void more() {
            StreamController known = controller;
            if (known != null && !ended) {
                known.request(1);
            }
        }

        void again(Throwable failure) {
            cancel();
            if (!Failures.isTransient(failure) || !attempts.again(doing)) {
                close();
                throw Failures.of(doing, failure, attempts.tries());
            }
            begin();
        }

        void cancel() {
            StreamController known = controller;
            if (known != null) {
                known.cancel();
            }
        }
    }
}
