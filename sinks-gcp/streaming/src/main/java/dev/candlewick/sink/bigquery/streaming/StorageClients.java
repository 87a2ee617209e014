package dev.candlewick.sink.bigquery.streaming;

import com.google.api.core.ApiFuture;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.BigQueryReadSettings;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import dev.candlewick.Cancelled;
import dev.candlewick.Refused;
import dev.candlewick.sink.bigquery.StorageAccess;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The two clients of the Storage API, each connected when first needed. Thread-safe. */
final class StorageClients implements AutoCloseable {

    private static final long CLOSE_MILLIS = 1_000;

    private final StorageAccess access;
    private final Patience patience;
    private @Nullable BigQueryWriteClient writing;
    private @Nullable BigQueryReadClient reading;
    private boolean closed;

    StorageClients(StorageAccess access, Patience patience) {
        this.access = access;
        this.patience = patience;
    }

    StorageAccess access() {
        return access;
    }

    Patience patience() {
        return patience;
    }

    synchronized BigQueryWriteClient writing() {
        if (writing == null) {
            requireOpen();
            BigQueryWriteSettings.Builder settings = BigQueryWriteSettings.newBuilder();
            access.endpoint()
                    .ifPresent(endpoint -> settings.setTransportChannelProvider(
                                    plain(BigQueryWriteSettings.defaultGrpcTransportProviderBuilder(), endpoint))
                            .setCredentialsProvider(NoCredentialsProvider.create()));
            access.credentials()
                    .ifPresent(credentials ->
                            settings.setCredentialsProvider(FixedCredentialsProvider.create(credentials)));
            // Tried again by our own patience, which an interrupt ends and which waits for less than ten seconds first.
            settings.createWriteStreamSettings().setRetryableCodes(Set.of());
            settings.getWriteStreamSettings().setRetryableCodes(Set.of());
            settings.finalizeWriteStreamSettings().setRetryableCodes(Set.of());
            settings.batchCommitWriteStreamsSettings().setRetryableCodes(Set.of());
            try {
                writing = BigQueryWriteClient.create(settings.build());
            } catch (IOException noCredentials) {
                throw noCredentials(noCredentials);
            }
        }
        return writing;
    }

    synchronized BigQueryReadClient reading() {
        if (reading == null) {
            requireOpen();
            BigQueryReadSettings.Builder settings = BigQueryReadSettings.newBuilder();
            access.endpoint()
                    .ifPresent(endpoint -> settings.setTransportChannelProvider(
                                    plain(BigQueryReadSettings.defaultGrpcTransportProviderBuilder(), endpoint))
                            .setCredentialsProvider(NoCredentialsProvider.create()));
            access.credentials()
                    .ifPresent(credentials ->
                            settings.setCredentialsProvider(FixedCredentialsProvider.create(credentials)));
            settings.createReadSessionSettings().setRetryableCodes(Set.of());
            settings.readRowsSettings().setRetryableCodes(Set.of());
            try {
                reading = BigQueryReadClient.create(settings.build());
            } catch (IOException noCredentials) {
                throw noCredentials(noCredentials);
            }
        }
        return reading;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the providers' builder is generic over nothing that matters here
    private static InstantiatingGrpcChannelProvider plain(
            InstantiatingGrpcChannelProvider.Builder provider, String endpoint) {
        return provider.setEndpoint(endpoint)
                .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                .build();
    }

    private void requireOpen() {
        if (closed) {
            throw new Cancelled("The streams to BigQuery (" + access + ") were closed");
        }
    }

    private Refused noCredentials(IOException failure) {
        return new Refused(
                "BigQuery's Storage API (" + access + ") cannot be asked: " + failure.getMessage()
                        + ". Name a key file, or run 'gcloud auth application-default login'",
                failure);
    }

    /** A call with one answer, asked again while that makes sense. Interrupts end it. */
    <T> T call(String doing, Supplier<ApiFuture<T>> call) {
        return call(doing, call, failure -> {});
    }

    /** As the other, and tells of every try that failed. */
    <T> T call(String doing, Supplier<ApiFuture<T>> call, Consumer<Throwable> failures) {
        Patience.Attempts attempts = patience.attempts();
        while (true) {
            try {
                return answer(doing, call.get());
            } catch (Failed failed) {
                failures.accept(failed.why);
                if (!Failures.isTransient(failed.why) || !attempts.again(doing)) {
                    throw Failures.of(doing, failed.why, attempts.tries());
                }
            }
        }
    }

    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
        private final Throwable why;

        Failed(Throwable why) {
            super(why);
            this.why = why;
        }
    }

    private <T> T answer(String doing, ApiFuture<T> future) throws Failed {
        try {
            return future.get(patience.responseNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw new Failed(failed.getCause() == null ? failed : failed.getCause());
        } catch (TimeoutException silent) {
            future.cancel(true);
            throw new Failed(new Failures.NoAnswer("there was no answer for " + patience.response()));
        } catch (InterruptedException interrupted) {
            future.cancel(true);
            throw Failures.interrupted(doing, interrupted);
        }
    }

    @Override
    public void close() {
        BigQueryWriteClient writer;
        BigQueryReadClient reader;
        synchronized (this) {
            closed = true;
            writer = writing;
            reader = reading;
            writing = null;
            reading = null;
        }
        try {
            if (writer != null) {
                writer.shutdownNow();
                writer.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            }
            if (reader != null) {
                reader.shutdownNow();
                reader.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
