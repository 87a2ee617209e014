package dev.candlewick.sink.clickhouse;

import dev.candlewick.testkit.StoreOpening;
import java.net.URI;
import java.time.Duration;

/** Stores that wait for seconds where a user's would wait for minutes. */
final class ImpatientStores {

    /** By when any call on one of these has ended. */
    static final Duration DEADLINE = Duration.ofSeconds(25);

    /** By when a call on a server that is frozen has ended: two response timeouts, two for connecting, and a second. */
    static final Duration FROZEN_DEADLINE = Duration.ofSeconds(15);

    private ImpatientStores() {}

    /** The store in the database of an address, through another host and port. */
    static StoreOpening of(String url) {
        URI database = URI.create(url);
        String user = database.getRawUserInfo() == null ? "" : database.getRawUserInfo() + "@";
        return (host, port) -> ClickHouseStore.builder("http://" + user + host + ":" + port + database.getPath())
                .connectTimeout(Duration.ofSeconds(3))
                .responseTimeout(Duration.ofSeconds(4))
                .build();
    }
}
