package dev.candlewick.sink.postgres;

import dev.candlewick.Store;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.ServerStoreContract;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;

/** The PostgreSQL store behind a network that fails. */
class PostgresNetworkTest extends ServerStoreContract {

    private static String database;

    @BeforeAll
    static void begin() {
        database = PostgresServer.shared().freshDatabase();
    }

    @Override
    protected InetSocketAddress server() {
        URI place = ImpatientStores.place(database);
        return new InetSocketAddress(place.getHost(), place.getPort());
    }

    @Override
    protected Store open(String host, int port) throws Exception {
        return ImpatientStores.of(database).open(host, port);
    }

    @Override
    protected Duration deadline() {
        return ImpatientStores.DEADLINE;
    }
}
