package dev.candlewick.sink.clickhouse;

import dev.candlewick.Store;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.ServerStoreContract;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;

/** The ClickHouse store behind a network that fails. */
class ClickHouseNetworkTest extends ServerStoreContract {

    private static URI database;

    @BeforeAll
    static void begin() {
        database = URI.create(ClickHouseServer.shared().freshDatabase());
    }

    @Override
    protected InetSocketAddress server() {
        return new InetSocketAddress(database.getHost(), database.getPort());
    }

    @Override
    protected Store open(String host, int port) {
        String user = database.getRawUserInfo() == null ? "" : database.getRawUserInfo() + "@";
        return ClickHouseStore.builder("http://" + user + host + ":" + port + database.getPath())
                .connectTimeout(Duration.ofSeconds(3))
                .responseTimeout(Duration.ofSeconds(3))
                .build();
    }
}
