package dev.candlewick.sink.bigquery;

import com.google.auth.Credentials;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where BigQuery's Storage API is and who asks: what {@link RowStreamsProvider#open} needs. Immutable; its text has no
 * secret.
 */
public final class StorageAccess {

    private final String project;
    private final @Nullable String endpoint;
    private final @Nullable Credentials credentials;

    private StorageAccess(String project, @Nullable String endpoint, @Nullable Credentials credentials) {
        this.project = Objects.requireNonNull(project, "project");
        this.endpoint = endpoint;
        this.credentials = credentials;
    }

    /** The service itself; {@code project} pays. */
    public static StorageAccess of(String project, Credentials credentials) {
        return new StorageAccess(project, null, Objects.requireNonNull(credentials, "credentials"));
    }

    /** The service itself with the application default credentials of this machine. */
    public static StorageAccess applicationDefault(String project) {
        return new StorageAccess(project, null, null);
    }

    /** A server at {@code HOST:PORT} that speaks plain text and asks for no credentials. */
    public static StorageAccess emulator(String project, String endpoint) {
        return new StorageAccess(project, Objects.requireNonNull(endpoint, "endpoint"), null);
    }

    /** The project that sessions are made in and that pays. */
    public String project() {
        return project;
    }

    /** {@code HOST:PORT} of an emulator; empty for the service itself. */
    public Optional<String> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    /** The credentials; empty for an emulator and where the application default ones apply. */
    public Optional<Credentials> credentials() {
        return Optional.ofNullable(credentials);
    }

    @Override
    public String toString() {
        return "project " + project + (endpoint == null ? "" : " at " + endpoint);
    }
}
