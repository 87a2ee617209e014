package dev.candlewick.sink.bigquery;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Stores on a server of this machine, through Google's own client. */
final class LocalStores {

    static final String PROJECT = "local-project";

    private LocalStores() {}

    static BigQueryStore.Builder builder(LocalBigQuery server, String dataset) {
        return builder(server.endpoint(), dataset);
    }

    static BigQueryStore.Builder builder(URI endpoint, String dataset) {
        return BigQueryStore.builder(PROJECT, dataset)
                .endpoint(endpoint.toString())
                .creating(Creation.DATASET_AND_TABLES)
                .sleeper(pause -> TimeUnit.MILLISECONDS.sleep(Math.min(20, pause.toMillis())));
    }

    /** A store that gives up soon, as where the network is maltreated. */
    static BigQueryStore impatient(String host, int port, String dataset) {
        return builder(URI.create("http://" + host + ":" + port), dataset)
                .connectTimeout(Duration.ofMillis(500))
                .responseTimeout(Duration.ofMillis(700))
                .requestTimeout(Duration.ofMillis(1_000))
                .jobTimeout(Duration.ofSeconds(5))
                .build();
    }

    static BigQuery client(LocalBigQuery server) {
        return BigQueryOptions.newBuilder()
                .setProjectId(PROJECT)
                .setHost(server.endpoint().toString())
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
    }
}
