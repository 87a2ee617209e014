package dev.candlewick.sink.s3;

import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.testkit.StoreOpening;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Stores that wait for seconds where a user's would wait for minutes. */
final class ImpatientStores {

    /** By when any call on one of these has ended. */
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private ImpatientStores() {}

    /** The store at a place, through another host and port. */
    static StoreOpening of(String place, Map<String, String> environment) {
        int slash = place.indexOf('/');
        return (host, port) -> ParquetStore.builder(S3Storage.builder(place.substring(0, slash))
                        .prefix(place.substring(slash + 1))
                        .from(environment)
                        .endpoint(URI.create("http://" + host + ":" + port))
                        .connectTimeout(Duration.ofSeconds(2))
                        .requestTimeout(Duration.ofSeconds(3))
                        .attempts(2)
                        .build())
                .closingStorage()
                .build();
    }
}
