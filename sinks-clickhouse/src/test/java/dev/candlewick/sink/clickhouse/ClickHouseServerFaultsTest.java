package dev.candlewick.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.ServerTrials;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The ClickHouse server freezes or dies and comes back; writers are killed. */
@Tag("faults")
class ClickHouseServerFaultsTest {

    private static final int TRIALS = Integer.getInteger("candlewick.faults.trials", 25);
    private static final long SEED = Long.getLong("candlewick.faults.seed", 20_261_121L);

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

    @Test
    void aServerThatFreezesAnywhereIsGivenUpInTimeAndNothingIsDoubled() throws Exception {
        try (ServerTrials trials = trials(ImpatientStores.FROZEN_DEADLINE)) {
            assertThat(trials.serverPaused(Math.max(3, TRIALS / 8), SEED)).isEmpty();
        }
    }

    @Test
    void aServerThatIsKilledAnywhereKeepsWhatItAcknowledgedAndRunningAgainCompletes() throws Exception {
        try (ServerTrials trials = trials(ImpatientStores.DEADLINE)) {
            assertThat(trials.serverKilled(Math.max(4, TRIALS / 2), SEED)).isEmpty();
        }
    }

    @Test
    void aWriterThatIsKilledAnywhereIsCompletedByRunningAgain() throws Exception {
        try (ServerTrials trials = trials(ImpatientStores.DEADLINE)) {
            assertThat(trials.writersKilled(Math.max(4, TRIALS / 2), SEED, ClickHouseServerFaultsTest.class, database))
                    .isEmpty();
        }
    }

    private static ServerTrials trials(Duration deadline) throws Exception {
        return ServerTrials.of(
                new ServerTrials.Machine() {
                    @Override
                    public InetSocketAddress address() {
                        return new InetSocketAddress("127.0.0.1", server.port());
                    }

                    @Override
                    public void pause() {
                        server.pause();
                    }

                    @Override
                    public void resume() {
                        server.resume();
                    }

                    @Override
                    public void kill() {
                        server.kill();
                    }

                    @Override
                    public void restart() {
                        server.restart();
                    }

                    @Override
                    public boolean revived(List<String> problems) {
                        return server.revive();
                    }
                },
                ImpatientStores.of(database),
                deadline);
    }
}
