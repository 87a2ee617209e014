package dev.candlewick.sink.clickhouse;

import dev.candlewick.Store;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.ServerStoreContract;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

    // Engine 26.7 at times aborts in the thread of a connection that is reset (chdb's build of it, at least).
    @Override
    protected boolean revived() throws Exception {
        for (int look = 0; look < 20; look++) {
            try {
                server.execute("SELECT 1");
            } catch (IllegalStateException | UncheckedIOException dying) {
                server.restart();
                return true;
            }
            // Between the first sign and its end it still answers now and then.
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return false;
    }

    @Override
    protected Duration deadline() {
        return ImpatientStores.DEADLINE;
    }
}
