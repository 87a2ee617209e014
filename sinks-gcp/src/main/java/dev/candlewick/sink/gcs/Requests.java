package dev.candlewick.sink.gcs;

import com.google.api.client.http.EmptyContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import dev.candlewick.Cancelled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Sends single requests with Google's credentials and headers. Thread-safe. */
final class Requests {

    private static final int LONGEST_ERROR = 1 << 20;

    private final HttpRequestFactory requests;
    private final String endpoint;
    private final CallWatch watch;

    Requests(HttpTransport transport, HttpRequestInitializer initializer, String endpoint, CallWatch watch) {
        this.requests = transport.createRequestFactory(initializer);
        this.endpoint = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        this.watch = watch;
    }

    /**
     * Sends a request once, but for one more time with a new token when the old one has expired.
     *
     * @throws IOException when no whole answer came
     */
    Answer send(Call call, Duration limit) throws IOException {
        requireNotInterrupted(call, null);
        try (CallWatch.Watched watched = watch.begin(limit.toNanos())) {
            try {
                return exchange(call);
            } catch (IOException | IllegalStateException failed) {
                requireNotInterrupted(call, failed);
                if (watched.isOverdue()) {
                    throw new SocketTimeoutException("no whole answer within " + limit.toMillis() + " ms");
                }
                // The HTTP client's word for a request that was ended, or whose pool of connections was.
                throw failed instanceof IOException known ? known : new IOException("The client was closed", failed);
            }
        }
    }

    private Answer exchange(Call call) throws IOException {
        HttpRequest request = requests.buildRequest(
                call.method(),
                new GenericUrl(endpoint + call.path(), true),
                call.content()
                        .orElseGet(() ->
                                call.method().equals("GET") || call.method().equals("DELETE")
                                        ? null
                                        : new EmptyContent()));
        call.headers().forEach((name, value) -> request.getHeaders().set(name, value));
        request.setThrowExceptionOnExecuteError(false)
                // 308 is how an upload says that it goes on; and credentials go nowhere else.
                .setFollowRedirects(false)
                .setNumberOfRetries(1)
                // Headers have tokens, and addresses of uploads are as good as one.
                .setLoggingEnabled(false)
                // Stored bytes as they are stored; whoever stored compressed ones meant those.
                .setResponseReturnRawInputStream(call.path().contains("alt=media"));
        HttpResponse response = request.execute();
        try {
            byte[] body = response.isSuccessStatusCode()
                    ? body(response.getContent(), call.longestAnswer())
                    : errorBody(response);
            return new Answer(call, response.getStatusCode(), response.getHeaders(), body);
        } catch (IOException broken) {
            response.disconnect();
            throw broken;
        }
    }

    private static byte[] body(@Nullable InputStream content, int longest) throws IOException {
        if (content == null) {
            return new byte[0];
        }
        try (content) {
            byte[] body = content.readNBytes(longest);
            if (body.length == longest && content.read() >= 0) {
                throw new LongAnswer(longest);
            }
            return body;
        }
    }

    // Where stored bytes were asked for as they are, an error may come compressed.
    private static byte[] errorBody(HttpResponse response) throws IOException {
        byte[] body = body(response.getContent(), LONGEST_ERROR);
        boolean compressed = body.length > 1 && body[0] == (byte) 0x1f && body[1] == (byte) 0x8b;
        return compressed ? body(new GZIPInputStream(new ByteArrayInputStream(body)), LONGEST_ERROR) : body;
    }

    /** An answer that is longer than what was asked for, so that reading on is of no use. */
    static final class LongAnswer extends IOException {
        private static final long serialVersionUID = 1L;

        LongAnswer(int most) {
            super("more than the " + most + " bytes that were asked for");
        }
    }

    private static void requireNotInterrupted(Call call, @Nullable Exception cause) {
        if (Thread.currentThread().isInterrupted()) {
            throw new Cancelled(call.doing() + " was interrupted", cause);
        }
    }
}
