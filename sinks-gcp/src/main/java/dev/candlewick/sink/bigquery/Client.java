package dev.candlewick.sink.bigquery;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DataFormatOptions;
import com.google.cloud.http.HttpTransportOptions;
import dev.candlewick.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
            options.setTransportOptions(HttpTransportOptions.newBuilder()
                    .setConnectTimeout((int) timeouts.connect().toMillis())
                    .setReadTimeout((int) timeouts.response().toMillis())
                    .build());
            options.setDataFormatOptions(
                    DataFormatOptions.newBuilder().useInt64Timestamp(true).build());
            location.ifPresent(options::setLocation);
            endpoint.ifPresent(options::setHost);
            if (endpoint.isPresent()) {
                options.setCredentials(NoCredentials.getInstance());
            } else {
                options.setCredentials(credentials.map(Client::read).orElseGet(Client::byDefault));
            }
            return options.build().getService();
        });
    }

    private static GoogleCredentials read(Path keyFile) {
        try (InputStream key = Files.newInputStream(keyFile)) {
            return GoogleCredentials.fromStream(key);
        } catch (IOException | IllegalArgumentException | ClassCastException unreadable) {
            // Without the cause, which may quote the file.
            throw new Refused(
                    "The key file " + keyFile + " for BigQuery cannot be read ("
                            + unreadable.getClass().getSimpleName()
                            + "). Create one with 'gcloud iam service-accounts keys create', and name it in GCP_CREDENTIALS_PATH");
        }
    }

    private static GoogleCredentials byDefault() {
        try {
            return GoogleCredentials.getApplicationDefault();
        } catch (IOException | IllegalArgumentException | ClassCastException none) {
            // Without the cause: what is there may be a file that cannot be read, and is quoted.
            throw new Refused("There are no Google credentials for BigQuery that can be read ("
                    + none.getClass().getSimpleName() + "). Set GCP_CREDENTIALS_PATH or"
                    + " GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account, or run 'gcloud auth"
                    + " application-default login'; for an emulator set BIGQUERY_ENDPOINT");
        }
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
