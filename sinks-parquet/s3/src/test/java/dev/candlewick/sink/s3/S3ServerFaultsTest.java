package dev.candlewick.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.sink.parquet.testing.S3Server;
import dev.candlewick.testkit.ServerTrials;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The server freezes or dies and comes back on its files; writers are killed. s3proxy writes a file beside the object's and
 * renames it, so what it acknowledged is there after {@code kill -9}; that it survives a power failure is not known.
 */
@Tag("faults")
class S3ServerFaultsTest {

    private static final int TRIALS = Integer.getInteger("candlewick.faults.trials", 25);
    private static final long SEED = Long.getLong("candlewick.faults.seed", 20_261_121L);

    private static S3Server server;
    private static String place;

    @BeforeAll
    static void begin() {
        server = S3Server.start();
        place = server.freshPlace();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** The writer that is killed; arguments from the fifth on: place, access key, secret key. */
    public static void main(String[] arguments) throws Exception {
        ServerTrials.write(
                ImpatientStores.of(
                        arguments[4], Map.of("AWS_ACCESS_KEY_ID", arguments[5], "AWS_SECRET_ACCESS_KEY", arguments[6])),
                arguments);
    }

    @Test
    void aServerThatFreezesAnywhereIsGivenUpInTimeAndNothingIsDoubled() throws Exception {
        try (ServerTrials trials = trials()) {
            assertThat(trials.serverPaused(Math.max(3, TRIALS / 8), SEED)).isEmpty();
        }
    }

    @Test
    void aServerThatIsKilledAnywhereKeepsWhatItAcknowledgedAndRunningAgainCompletes() throws Exception {
        try (ServerTrials trials = trials()) {
            assertThat(trials.serverKilled(Math.max(4, TRIALS / 5), SEED)).isEmpty();
        }
    }

    @Test
    void aWriterThatIsKilledAnywhereIsCompletedByRunningAgain() throws Exception {
        Map<String, String> environment = server.environment();
        try (ServerTrials trials = trials()) {
            assertThat(trials.writersKilled(
                            Math.max(4, TRIALS / 2),
                            SEED,
                            S3ServerFaultsTest.class,
                            place,
                            environment.getOrDefault("AWS_ACCESS_KEY_ID", ""),
                            environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "")))
                    .isEmpty();
        }
    }

    private static ServerTrials trials() throws Exception {
        return ServerTrials.of(
                new ServerTrials.Machine() {
                    @Override
                    public InetSocketAddress address() {
                        return new InetSocketAddress(
                                server.endpoint().getHost(), server.endpoint().getPort());
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
                ImpatientStores.of(place, server.environment()),
                ImpatientStores.DEADLINE);
    }
}
