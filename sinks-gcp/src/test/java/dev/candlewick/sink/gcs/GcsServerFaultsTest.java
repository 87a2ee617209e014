package dev.candlewick.sink.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.testkit.ServerTrials;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service freezes or goes away and comes back; writers are killed. */
@Tag("faults")
class GcsServerFaultsTest {

    private static final int TRIALS = Integer.getInteger("candlewick.faults.trials", 25);
    private static final long SEED = Long.getLong("candlewick.faults.seed", 20_261_121L);
    private static final String PLACE = "lake/faults";

    private static LocalCloudStorage server;

    @BeforeAll
    static void begin() {
        server = LocalCloudStorage.start().bucket("lake");
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
    void aServiceThatFreezesAnywhereIsGivenUpInTimeAndNothingIsDoubled() throws Exception {
        try (ServerTrials trials = trials()) {
            assertThat(trials.serverPaused(Math.max(3, TRIALS / 8), SEED)).isEmpty();
        }
    }

    @Test
    void aServiceThatGoesAwayAnywhereKeepsWhatItAcknowledgedAndRunningAgainCompletes() throws Exception {
        try (ServerTrials trials = trials()) {
            assertThat(trials.serverKilled(Math.max(4, TRIALS / 5), SEED)).isEmpty();
        }
    }

    @Test
    void aWriterThatIsKilledAnywhereIsCompletedByRunningAgain() throws Exception {
        try (ServerTrials trials = trials()) {
            assertThat(trials.writersKilled(Math.max(4, TRIALS / 2), SEED, GcsServerFaultsTest.class, PLACE))
                    .isEmpty();
        }
    }

    private static ServerTrials trials() throws Exception {
        return ServerTrials.of(
                new ServerTrials.Machine() {
                    @Override
                    public InetSocketAddress address() {
                        return server.address();
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
                },
                ImpatientStores.of(PLACE),
                ImpatientStorages.DEADLINE);
    }
}
