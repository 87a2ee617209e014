package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.NetworkTrials;
import dev.candlewick.testkit.StoreOpening;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Controls: stores that are wrong on purpose, on the real server. */
class NetworkTrialsNoticeTest {

    private static final long SEED = 7;

    private static String database;

    @BeforeAll
    static void begin() {
        database = PostgresServer.shared().freshDatabase();
    }

    @Test
    void aFailureThatIsCalledASuccessIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.connectionsCut(12, SEED), WrongStores.CALLS_EVERYTHING_DONE))
                .anyMatch(text -> text.contains("was acknowledged"));
    }

    @Test
    void anAttemptThatOverwritesNewerRowsIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.lateAttempts(3, SEED), WrongStores.WRITES_AGAIN_OVER_NEWER_ROWS))
                .anyMatch(text -> text.contains("does not hold the rows that were written last"));
    }

    private interface Trial {
        List<String> of(NetworkTrials trials) throws Exception;
    }

    private static List<String> problems(Trial trial, WrongStores wrong) throws Exception {
        URI place = ImpatientStores.place(database);
        StoreOpening right = ImpatientStores.of(database);
        try (NetworkTrials trials = NetworkTrials.of(
                new InetSocketAddress(place.getHost(), place.getPort()),
                (host, port) -> wrong.over(right.open(host, port)),
                ImpatientStores.DEADLINE)) {
            return trial.of(trials);
        }
    }
}
