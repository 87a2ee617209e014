package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.testkit.TinyStore.Mistake;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stores that are wrong on purpose: trials that do not notice prove nothing. */
class NetworkTrialsTest {

    private static final long SEED = 7;

    @Tag("faults")
    @Test
    void aReadWithoutTimeoutIsNoticed() throws Exception {
        assertThat(problems(NetworkTrials::blackHole, Mistake.NO_DEADLINE))
                .anyMatch(text -> text.contains("no end after"));
    }

    @Tag("faults")
    @Test
    void aCallThatOnlyItsSingleReadsLimitIsNoticed() throws Exception {
        assertThat(problems(NetworkTrials::serverThatTakesNoMore, Mistake.READ_TIMEOUT_ONLY))
                .anyMatch(text -> text.contains("no end after"));
    }

    @Test
    void aLostReplyThatIsCalledAFailureIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.repliesLost(0, SEED), Mistake.LOST_REPLY_IS_A_FAILURE))
                .anyMatch(text -> text.contains("was said to have failed"));
    }

    @Test
    void aLostReplyThatIsCalledASuccessIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.connectionsCut(40, SEED), Mistake.LOST_REPLY_IS_A_SUCCESS))
                .anyMatch(text -> text.contains("was acknowledged"));
    }

    @Test
    void aLedgerBeforeTheRowsIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.repliesLost(10, SEED), Mistake.LEDGER_BEFORE_ROWS))
                .anyMatch(text -> text.contains("does not verify"));
    }

    @Test
    void rowsThatShowBeforeTheLedgerAreNoticed() throws Exception {
        assertThat(problems(trials -> trials.repliesLost(10, SEED), Mistake.ROWS_BEFORE_LEDGER))
                .isNotEmpty();
    }

    @Test
    void aRetryWithoutIdentityIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.repliesLost(0, SEED), Mistake.RETRY_WITHOUT_IDENTITY))
                .anyMatch(text -> text.contains("go back in time"));
    }

    @Test
    void aLateAttemptThatOverwritesIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.lateAttempts(6, SEED), Mistake.NO_FENCE))
                .anyMatch(text -> text.contains("does not hold the rows that were written last"));
    }

    @Test
    void aShortReadThatIsTakenForTheEndIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.readersCut(60, SEED), Mistake.SHORT_READ_IS_AN_END))
                .anyMatch(text -> text.contains("the rows are not those"));
    }

    @Test
    void aFailedReadThatIsTakenForNothingIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.readersCut(8, SEED), Mistake.FAILED_READ_IS_EMPTY))
                .isNotEmpty();
    }

    @Test
    void aStoreThatNeverConnectsAgainIsNoticed() throws Exception {
        assertThat(problems(NetworkTrials::serverAwayAndBack, Mistake.NEVER_CONNECTS_AGAIN))
                .isNotEmpty();
    }

    @Tag("faults")
    @Test
    void aThreadThatIsLeftIsNoticed() throws Exception {
        assertThat(problems(NetworkTrials::blackHole, Mistake.LEAVES_A_THREAD))
                .anyMatch(text -> text.contains("tiny-store-watch"));
    }

    @Test
    void anExceptionThatIsNotOursIsNoticed() throws Exception {
        assertThat(problems(trials -> trials.connectionsCut(8, SEED), Mistake.LEAKS_THE_EXCEPTION_OF_THE_DRIVER))
                .anyMatch(text -> text.contains("IllegalStateException"));
    }

    private interface Trial {
        List<String> of(NetworkTrials trials) throws Exception;
    }

    private static List<String> problems(Trial trial, Mistake mistake) throws Exception {
        try (TinyServer server = new TinyServer();
                NetworkTrials trials = NetworkTrials.of(
                        server.address(),
                        (host, port) -> new TinyStore(server, host, port, mistake),
                        Duration.ofSeconds(4))) {
            return trial.of(trials);
        }
    }
}
