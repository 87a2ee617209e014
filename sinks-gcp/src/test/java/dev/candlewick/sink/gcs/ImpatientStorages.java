package dev.candlewick.sink.gcs;

import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import java.net.URI;
import java.time.Duration;

/** Storages that wait for seconds where a user's would wait for minutes. */
final class ImpatientStorages {

    /** By when any call on a store over one of these has ended. */
    static final Duration DEADLINE = Duration.ofSeconds(25);

    private ImpatientStorages() {}

    static GcsStorage.Builder of(String place, String host, int port) {
        return GcsStorage.builder(place)
                .endpoint(URI.create("http://" + host + ":" + port))
                .withoutCredentials()
                .connectTimeout(Duration.ofSeconds(2))
                .responseTimeout(Duration.ofSeconds(2))
                .requestTimeout(Duration.ofSeconds(4))
                .patience(Duration.ofSeconds(4))
                .attempts(4);
    }

    static GcsStorage.Builder of(String place, LocalCloudStorage server) {
        return of(place, server.address().getHostString(), server.port());
    }
}
