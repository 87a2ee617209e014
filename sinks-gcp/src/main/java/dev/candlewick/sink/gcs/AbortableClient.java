package dev.candlewick.sink.gcs;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.conn.DefaultManagedHttpClientConnection;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;

/**
 * An HTTP client whose requests a {@link CallWatch} can end at any moment, also while they connect. Google's usual
 * transport cannot be ended while it reads, and sends some requests again by itself. Thread-safe.
 */
final class AbortableClient extends CloseableHttpClient {

    private static final int MOST_CONNECTIONS = 128;
    private static final int BUFFER = 64 << 10;
    private static final int CHECK_AFTER_IDLE_MILLIS = 500;

    private final CloseableHttpClient client;
    private final CallWatch watch;

    private AbortableClient(CloseableHttpClient client, CallWatch watch) {
        this.client = client;
        this.watch = watch;
    }

    /** A transport over such a client; shutting it down ends its connections. */
    static HttpTransport transport(CallWatch watch) {
        AtomicLong numbers = new AtomicLong();
        // The usual ones write headers, and with them tokens, to a log when it is told to say everything.
        PoolingHttpClientConnectionManager connections = new PoolingHttpClientConnectionManager((route, config) ->
                new DefaultManagedHttpClientConnection("candlewick-gcs-" + numbers.incrementAndGet(), BUFFER));
        connections.setMaxTotal(MOST_CONNECTIONS);
        connections.setDefaultMaxPerRoute(MOST_CONNECTIONS);
        connections.setValidateAfterInactivity(CHECK_AFTER_IDLE_MILLIS);
        CloseableHttpClient client = ApacheHttpTransport.newDefaultHttpClientBuilder()
                .setConnectionManager(connections)
                .disableContentCompression()
                .disableCookieManagement()
                .build();
        return new ApacheHttpTransport(new AbortableClient(client, watch));
    }

    @Override
    protected CloseableHttpResponse doExecute(HttpHost target, HttpRequest request, HttpContext context)
            throws IOException {
        if (request instanceof HttpUriRequest known) {
            watch.abortBy(known::abort);
        }
        return client.execute(target, request, context);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    @Deprecated
    @Override
    public org.apache.http.params.HttpParams getParams() {
        return client.getParams();
    }

    @Deprecated
    @Override
    public org.apache.http.conn.ClientConnectionManager getConnectionManager() {
        return client.getConnectionManager();
    }
}
