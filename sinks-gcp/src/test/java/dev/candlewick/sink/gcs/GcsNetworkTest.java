package dev.candlewick.sink.gcs;

import dev.candlewick.Store;
import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.testkit.ServerStoreContract;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The store in Cloud Storage behind a network that fails. */
class GcsNetworkTest extends ServerStoreContract {

    private static LocalCloudStorage server;

    @BeforeAll
    static void begin() {
        server = LocalCloudStorage.start().bucket("lake");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    protected InetSocketAddress server() {
        return server.address();
    }

    @Override
    protected Store open(String host, int port) throws Exception {
        return ImpatientStores.of("lake/network").open(host, port);
    }

    @Override
    protected Duration deadline() {
        return ImpatientStorages.DEADLINE;
    }
}
