package dev.candlewick.testkit;

import dev.candlewick.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class TinyStoreContractTest extends ServerStoreContract {

    private static TinyServer server;

    @BeforeAll
    static void begin() throws IOException {
        server = new TinyServer();
    }

    @AfterAll
    static void end() throws IOException {
        server.close();
    }

    @Override
    protected InetSocketAddress server() {
        return server.address();
    }

    @Override
    protected Store open(String host, int port) {
        return new TinyStore(server, host, port);
    }

    @Override
    protected Duration deadline() {
        return Duration.ofSeconds(6);
    }
}
