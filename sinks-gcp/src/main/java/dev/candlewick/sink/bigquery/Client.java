package dev.candlewick.sink.bigquery;

import com.google.auth.http.HttpTransportFactory;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DataFormatOptions;
import com.google.cloud.http.HttpTransportOptions;
import dev.candlewick.sink.gcp.internal.Login;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Google's client, made when it is first needed: looking for credentials may ask a network. Thread-safe. */
final class Client {

    private final Supplier<BigQuery> connecting;
    private volatile @Nullable BigQuery connected;

    private Client(Supplier<BigQuery> connecting) {
        this.connecting = connecting;
    }

    /** A client that is there. */
    static Client of(BigQuery client) {
        return new Client(() -> client);
    }

    /** A client of our own: without its retries, as only the callers know what may be repeated, and for how long. */
    static Client connecting(
            String project,
            Optional<String> location,
            Optional<String> endpoint,
            Optional<Path> credentials,
            Timeouts timeouts) {
        return new Client(() -> {
            BigQueryOptions.Builder options = BigQueryOptions.newBuilder();
            options.setProjectId(project);
            options.setRetrySettings(ServiceOptions.getNoRetrySettings());
            HttpTransportOptions transport = HttpTransportOptions.newBuilder()
                    .setConnectTimeout((int) timeouts.connect().toMillis())
                    .setReadTimeout((int) timeouts.response().toMillis())
                    .build();
            options.setTransportOptions(transport);
            options.setDataFormatOptions(
                    DataFormatOptions.newBuilder().useInt64Timestamp(true).build());
            location.ifPresent(options::setLocation);
            endpoint.ifPresent(options::setHost);
            if (endpoint.isPresent()) {
                options.setCredentials(NoCredentials.getInstance());
            } else {
                HttpTransportFactory tokens = transport.getHttpTransportFactory();
                options.setCredentials(credentials
                        .map(file -> Login.of(file, tokens))
                        .orElseGet(() -> Login.usual(tokens, "BigQuery", "For an emulator set BIGQUERY_ENDPOINT")));
            }
            return options.build().getService();
        });
    }

    BigQuery get() {
        BigQuery ready = connected;
        if (ready == null) {
            synchronized (this) {
                ready = connected;
                if (ready == null) {
                    ready = connecting.get();
                    connected = ready;
                }
            }
        }
        return ready;
    }
}
