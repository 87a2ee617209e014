package dev.candlewick.sink.clickhouse;

import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.ServerFaultsContract;
import dev.candlewick.testkit.ServerTrials;
import dev.candlewick.testkit.StoreOpening;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The ClickHouse server freezes or dies and comes back; writers are killed. */
class ClickHouseServerFaultsTest extends ServerFaultsContract {

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

    /** The writer that is killed. */
    public static void main(String[] arguments) throws Exception {
        ServerTrials.write(ImpatientStores.of(arguments[4]), arguments);
    }

    @Override
    protected ServerTrials.Machine machine() {
        return new ServerTrials.Machine(
                () -> new InetSocketAddress("127.0.0.1", server.port()),
                server::pause,
                server::resume,
                server::kill,
                server::restart,
                problems -> server.revive());
    }

    @Override
    protected StoreOpening opening() {
        return ImpatientStores.of(database);
    }

    @Override
    protected Duration deadline() {
        return ImpatientStores.DEADLINE;
    }

    @Override
    protected Duration frozenDeadline() {
        return ImpatientStores.FROZEN_DEADLINE;
    }

    @Override
    protected String[] arguments() {
        return new String[] {database};
    }

    @Override
    protected int killings() {
        return Math.max(4, TRIALS / 2);
    }
}
