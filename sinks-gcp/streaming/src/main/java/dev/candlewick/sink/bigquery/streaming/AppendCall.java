package dev.candlewick.sink.bigquery.streaming;

import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.rpc.ClientStream;
import com.google.api.gax.rpc.ResponseObserver;
import com.google.api.gax.rpc.StreamController;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection of {@code AppendRows}: requests in order, answers in the same order. */
final class AppendCall implements ResponseObserver<AppendRowsResponse> {

    /** Who is told what arrives; called on the client's threads. */
    interface Listener {
        void answered(AppendCall call, AppendRowsResponse response);

        void ended(AppendCall call, Throwable why);
    }

    private final Listener listener;
    private final ClientStream<AppendRowsRequest> requests;
    private volatile @Nullable StreamController controller;
    private boolean first = true;

    @SuppressWarnings("this-escape") // answers come after the first request
    AppendCall(BigQueryWriteClient client, String stream, Listener listener) {
        this.listener = listener;
        this.requests = client.appendRowsCallable()
                .splitCall(
                        this,
                        GrpcCallContext.createDefault()
                                .withExtraHeaders(Map.of(
                                        // What requests are routed to their region by; the generated client sends it
                                        // with every other call.
                                        "x-goog-request-params",
                                        List.of("write_stream=" + URLEncoder.encode(stream, StandardCharsets.UTF_8)))));
    }

    /** Whether the next request has to say which stream and which type of row. */
    boolean isFirst() {
        return first;
    }

    void send(AppendRowsRequest request) {
        first = false;
        requests.send(request);
    }

    /** Ends it in good order. */
    void finish() {
        requests.closeSend();
    }

    /** Ends it at once. */
    void cancel() {
        StreamController known = controller;
        if (known != null) {
            known.cancel();
        }
    }

    @Override
    public void onStart(StreamController started) {
        controller = started;
    }

    @Override
    public void onResponse(AppendRowsResponse response) {
        listener.answered(this, response);
    }

    @Override
    public void onError(Throwable why) {
        listener.ended(this, why);
    }

    @Override
    public void onComplete() {
        listener.ended(
                this,
                io.grpc.Status.UNAVAILABLE
                        .withDescription("The service ended the connection")
                        .asRuntimeException());
    }
}
