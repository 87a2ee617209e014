package dev.candlewick.sink.clickhouse;

import dev.candlewick.Store;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.ServerStoreContract;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The ClickHouse store behind a network that fails. */
class ClickHouseNetworkTest extends ServerStoreContract {

    private static ClickHouseServer server;
    private static String database;

    @BeforeAll
    static void begin() {
        server = ClickHouseServer.start();
        database = server.freshDatabase();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    protected InetSocketAddress server() {
        URI place = URI.create(database);
        return new InetSocketAddress(place.getHost(), place.getPort());
    }

    @Override
    protected Store open(String host, int port) throws Exception {
        return ImpatientStores.of(database).open(host, port);
    }

    @Override
    protected boolean revived(List<String> problems) {
        return server.revive();
    }

    // The store gives up silence, but not a line on which a few bytes arrive now and then.
    @Override
    protected int slowestBytesPerSecond() {
        return 20_000;
    }

    @Override
    protected Duration deadline() {
        return ImpatientStores.DEADLINE;
    }
}
