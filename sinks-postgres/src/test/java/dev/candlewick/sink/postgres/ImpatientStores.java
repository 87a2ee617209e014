package dev.candlewick.sink.postgres;

import dev.candlewick.Store;
import dev.candlewick.testkit.StoreOpening;
import java.net.URI;
import java.time.Duration;

/** Stores that wait for seconds where a user's would wait for minutes. */
final class ImpatientStores {

    /** By when any call on one of these has ended. */
    static final Duration DEADLINE = Duration.ofSeconds(15);

    private ImpatientStores() {}

    /** The store in the database of a JDBC address, through another host and port. */
    static StoreOpening of(String jdbcUrl) {
        URI place = place(jdbcUrl);
        String query = place.getRawQuery() == null ? "" : "?" + place.getRawQuery();
        return (host, port) -> open("jdbc:postgresql://" + host + ":" + port + place.getPath() + query);
    }

    static URI place(String jdbcUrl) {
        return URI.create(jdbcUrl.substring("jdbc:".length()));
    }

    private static Store open(String jdbcUrl) {
        return PostgresStore.builder(jdbcUrl)
                .connectTimeout(Duration.ofSeconds(1))
                .statementTimeout(Duration.ofSeconds(2))
                .lockTimeout(Duration.ofSeconds(1))
                .idleTimeout(Duration.ofSeconds(2))
                .socketTimeout(Duration.ofSeconds(3))
                .build();
    }
}
