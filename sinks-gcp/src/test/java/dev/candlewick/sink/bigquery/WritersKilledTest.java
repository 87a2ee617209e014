package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.ServerTrials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that are killed with -9 while they write. */
class WritersKilledTest {

    private static final String DATASET = "killed";
    private static final long SEED = Long.getLong("candlewick.faults.seed", 20_261_121L);

    /** The process that is killed. */
    static final class Writer {

        private Writer() {}

        public static void main(String... arguments) throws Exception {
            ServerTrials.write((host, port) -> LocalStores.impatient(host, port, DATASET), arguments);
        }
    }

    @Test
    void aKilledWriterLeavesOldOrNewAndRunningAgainCompletes() throws Exception {
        trials(2);
    }

    @Tag("faults")
    @Test
    void writersKilledAnywhereLeaveOldOrNew() throws Exception {
        trials(Math.max(4, Integer.getInteger("candlewick.faults.trials", 25) / 2));
    }

    private static void trials(int count) throws Exception {
        try (LocalBigQuery server = LocalBigQuery.start();
                ServerTrials trials = ServerTrials.of(
                        machine(server),
                        (host, port) -> LocalStores.impatient(host, port, DATASET),
                        Duration.ofSeconds(30))) {
            assertThat(trials.writersKilled(count, SEED, Writer.class)).isEmpty();
        }
    }

    private static ServerTrials.Machine machine(LocalBigQuery server) {
        return new ServerTrials.Machine(
                () -> new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.endpoint().getPort()),
                server::pause,
                server::resume,
                server::pause,
                server::resume);
    }
}
