package dev.candlewick.sink.clickhouse;

import dev.candlewick.Store;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.ServerStoreContract;
import java.io.UncheckedIOException;
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

    // Engine 26.7 at times aborts in the thread of a connection that is reset (chdb's build of it, at least).
    @Override
    protected boolean revived(List<String> problems) {
        boolean dying = problems.stream().anyMatch(problem -> problem.contains("shutting down due to a fatal error"));
        try {
            server.execute("SELECT 1");
        } catch (IllegalStateException | UncheckedIOException gone) {
            dying = true;
        }
        if (dying) {
            server.restart();
        }
        return dying;
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
