package dev.candlewick.sink.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * The AWS SDK's requests over the HTTP client of the JDK. An exchange ends with its whole answer in memory, at its time
 * limit however slowly bytes arrive, or at once when the thread is interrupted; {@code HttpURLConnection} can do neither
 * and quietly sends some requests twice. Thread-safe.
 */
final class JdkHttp implements SdkHttpClient {

    // The client sets these itself and accepts none from outside.
    private static final Set<String> OWN_HEADERS =
            Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");
    private static final long IDLE_THREADS_END_AFTER_MILLIS = 1_000;

    private final HttpClient client;
    private final Duration requestTimeout;

    JdkHttp(Duration connectTimeout, Duration requestTimeout) {
        this.client = Shared.client(connectTimeout);
        this.requestTimeout = requestTimeout;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Exchange(request);
    }

    @Override
    public String clientName() {
        return "Jdk";
    }

    /** Connections are the process's, and stay for the next storage. */
    @Override
    public void close() {}

    private final class Exchange implements ExecutableHttpRequest {

        private final HttpExecuteRequest request;
        private volatile CompletableFuture<?> running = CompletableFuture.completedFuture("not begun");

        private Exchange(HttpExecuteRequest request) {
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            CompletableFuture<HttpResponse<byte[]>> answer =
                    client.sendAsync(translated(), HttpResponse.BodyHandlers.ofByteArray());
            running = answer;
            try {
                return whole(answer.get(requestTimeout.toNanos(), TimeUnit.NANOSECONDS));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for the answer");
            } catch (TimeoutException late) {
                throw new HttpTimeoutException("no whole answer within " + requestTimeout.toMillis() + " ms");
            } catch (CancellationException aborted) {
                throw new IOException("the request was aborted", aborted);
            } catch (ExecutionException failed) {
                throw ioException(failed);
            } finally {
                answer.cancel(true); // which ends the connection unless the answer is whole
            }
        }

        @Override
        public void abort() {
            running.cancel(true);
        }

        private HttpRequest translated() {
            SdkHttpRequest http = request.httpRequest();
            HttpRequest.Builder builder = HttpRequest.newBuilder(http.getUri())
                    .version(HttpClient.Version.HTTP_1_1)
                    .method(http.method().name(), body(http));
            http.forEachHeader((name, values) -> {
                if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> builder.header(name, value));
                }
            });
            return builder.build();
        }

        private HttpRequest.BodyPublisher body(SdkHttpRequest http) {
            long length = http.firstMatchingHeader("Content-Length")
                    .map(Long::parseLong)
                    .orElse(0L);
            if (length == 0 || request.contentStreamProvider().isEmpty()) {
                return HttpRequest.BodyPublishers.noBody();
            }
            var content = request.contentStreamProvider().get();
            return HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofInputStream(content::newStream), length);
        }
    }

    private static HttpExecuteResponse whole(HttpResponse<byte[]> answer) {
        SdkHttpFullResponse.Builder response = SdkHttpFullResponse.builder().statusCode(answer.statusCode());
        for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
            response.putHeader(header.getKey(), header.getValue());
        }
        return HttpExecuteResponse.builder()
                .response(response.build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(answer.body())))
                .build();
    }

    // The first in the chain that is one: what reads the content wraps its own.
    private static IOException ioException(ExecutionException failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException found) {
                return found;
            }
        }
        return new IOException(failed);
    }

    /** Whether a failure came before anything of the request was sent. */
    static boolean isBeforeSending(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof UnresolvedAddressException;
    }

    /**
     * One client for the process and each connect timeout, of which there are few: before Java 21 a client cannot be
     * closed, and its thread would outlive its storage.
     */
    private static final class Shared {

        private static final Map<Duration, HttpClient> CLIENTS = new ConcurrentHashMap<>();

        static HttpClient client(Duration connectTimeout) {
            return CLIENTS.computeIfAbsent(
                    connectTimeout,
                    timeout -> HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(timeout)
                            .executor(threads())
                            .build());
        }

        private static ThreadPoolExecutor threads() {
            return new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_THREADS_END_AFTER_MILLIS,
                    TimeUnit.MILLISECONDS,
                    new SynchronousQueue<>(),
                    work -> {
                        Thread thread = new Thread(work, "candlewick-s3-http");
                        thread.setDaemon(true);
                        return thread;
                    });
        }
    }
}
