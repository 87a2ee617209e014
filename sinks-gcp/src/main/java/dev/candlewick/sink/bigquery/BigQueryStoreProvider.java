package dev.candlewick.sink.bigquery;

import dev.candlewick.Store;
import dev.candlewick.spi.StoreProvider;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Opens {@code bigquery:PROJECT.DATASET}; {@code bigquery:DATASET} in the project of {@code GCP_PROJECT_ID}; {@code
 * bigquery:} alone in the dataset of {@code BIGQUERY_DATASET}. Credentials are the file of {@code GCP_CREDENTIALS_PATH} or
 * application default credentials; {@code BIGQUERY_ENDPOINT} names an emulator, which is asked without. {@code
 * BIGQUERY_LOCATION} and {@code BIGQUERY_MAXIMUM_BYTES_BILLED} are optional; {@code BIGQUERY_LAYOUT=timeframes} chooses
 * {@link BigQueryLayout#timeframes}.
 */
public final class BigQueryStoreProvider implements StoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public BigQueryStoreProvider() {}

    @Override
    public String scheme() {
        return "bigquery";
    }

    @Override
    public String usage() {
        return "bigquery:PROJECT.DATASET";
    }

    @Override
    public Store open(String address, Map<String, String> environment) {
        String place = address.isBlank() ? environment.getOrDefault("BIGQUERY_DATASET", "") : address.strip();
        if (place.indexOf('@') >= 0) {
            // Not shown: it may be a key.
            throw new IllegalArgumentException("Credentials are not part of the address " + usage()
                    + "; name a file with them in GCP_CREDENTIALS_PATH");
        }
        int dot = place.lastIndexOf('.');
        String project = dot < 0 ? environment.getOrDefault("GCP_PROJECT_ID", "") : place.substring(0, dot);
        String dataset = place.substring(dot + 1);
        if (project.isBlank() || dataset.isBlank()) {
            throw new IllegalArgumentException("A store in BigQuery is addressed as " + usage()
                    + ", or as bigquery:DATASET with the project in GCP_PROJECT_ID");
        }
        BigQueryStore.Builder store = BigQueryStore.builder(project, dataset).creating(Creation.DATASET_AND_TABLES);
        setting(environment, "BIGQUERY_LOCATION").ifPresent(store::location);
        setting(environment, "BIGQUERY_ENDPOINT").ifPresent(store::endpoint);
        setting(environment, "GCP_CREDENTIALS_PATH").map(Path::of).ifPresent(store::credentials);
        setting(environment, "BIGQUERY_MAXIMUM_BYTES_BILLED")
                .map(text -> number("BIGQUERY_MAXIMUM_BYTES_BILLED", text))
                .ifPresent(store::maximumBytesBilled);
        setting(environment, "BIGQUERY_LAYOUT")
                .map(BigQueryStoreProvider::layout)
                .ifPresent(store::layout);
        return store.build();
    }

    private static Optional<String> setting(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    private static long number(String name, String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException unreadable) {
            throw new IllegalArgumentException(
                    name + " is a number of bytes, not '" + Failures.cut(text) + "'", unreadable);
        }
    }

    private static BigQueryLayout layout(String name) {
        return switch (name) {
            case "standard" -> BigQueryLayout.standard();
            case "timeframes" -> BigQueryLayout.timeframes();
            default ->
                throw new IllegalArgumentException(
                        "BIGQUERY_LAYOUT is standard or timeframes, not '" + Failures.cut(name) + "'");
        };
    }
}
