package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Store;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every store behind a network must do besides {@link StoreContract}: end every call in time, never double, lose or
 * mix rows, and leave a ledger that agrees. Extend it, say where the server is and how the store is opened through
 * another address, with short timeouts, and run it as a JUnit test. The long forms are tagged {@code faults} and take
 * their number from the system property {@code candlewick.faults.trials}.
 */
public abstract class ServerStoreContract {

    private static final int TRIALS = Integer.getInteger("candlewick.faults.trials", 25);
    private static final long SEED = Long.getLong("candlewick.faults.seed", 20_261_121L);

    private NetworkTrials trials;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // JUnit calls beginTrials first
    protected ServerStoreContract() {}

    /** Where the real server listens. */
    protected abstract InetSocketAddress server() throws Exception;

    /** Opens the store through another address; the same place every time, with timeouts of a second or so. */
    protected abstract Store open(String host, int port) throws Exception;

    /** By when any one call must have ended, whatever the network does. */
    protected Duration deadline() {
        return Duration.ofSeconds(10);
    }

    /** The slowest line on which a call still ends in time; 20 bytes per second unless the store is known to do worse. */
    protected int slowestBytesPerSecond() {
        return 20;
    }

    /**
     * Asked when a trial failed: starts the server again if these problems come from its death of what was done to its
     * connections, and says so; the trial is then made again. For servers that are known to.
     */
    protected boolean revived(List<String> problems) throws Exception {
        return false;
    }

    /**
     * How many trials the long forms make; what {@code candlewick.faults.trials} says unless a single write takes so many
     * requests that fewer have to do.
     */
    protected int trialCount() {
        return TRIALS;
    }

    @BeforeEach
    final void beginTrials() throws Exception {
        trials = NetworkTrials.of(server(), this::open, deadline(), this::revived);
    }

    @AfterEach
    final void endTrials() {
        trials.close();
    }

    @Test
    void aConnectionCutAtSomeBytesLeavesOldOrNewAndRunningAgainCompletes() throws Exception {
        none(trials.connectionsCut(8, SEED));
    }

    @Tag("faults")
    @Test
    void aConnectionCutAnywhereLeavesOldOrNewAndRunningAgainCompletes() throws Exception {
        none(trials.connectionsCut(trialCount(), SEED));
    }

    @Test
    void aLostReplyIsSettledByWritingAgain() throws Exception {
        none(trials.repliesLost(0, SEED));
    }

    @Tag("faults")
    @Test
    void anExchangeThatFailsIsSettledByWritingAgain() throws Exception {
        none(trials.repliesLost(trialCount(), SEED));
    }

    @Tag("faults")
    @Test
    void aSilentNetworkEndsACallInTimeAndWhatArrivesLateDoesNotCount() throws Exception {
        none(trials.silences(Math.max(3, trialCount() / 8), SEED));
    }

    @Tag("faults")
    @Test
    void aBlackHoleEndsACallInTimeAndLeavesNoThread() throws Exception {
        none(trials.blackHole());
    }

    @Tag("faults")
    @Test
    void aServerThatTakesNoMoreEndsACallInTime() throws Exception {
        none(trials.serverThatTakesNoMore());
    }

    @Test
    void aServerThatWasAwayIsFoundAgainByTheNextCall() throws Exception {
        none(trials.serverAwayAndBack());
    }

    @Tag("faults")
    @Test
    void aDribblingLineIsFinishedOrGivenUpInTime() throws Exception {
        none(trials.dribbles(slowestBytesPerSecond()));
    }

    @Test
    void aReaderThatIsCutRaisesAndNeverGivesLess() throws Exception {
        none(trials.readersCut(8, SEED));
    }

    @Tag("faults")
    @Test
    void aReaderThatIsCutAnywhereRaisesAndNeverGivesLess() throws Exception {
        none(trials.readersCut(trialCount(), SEED));
    }

    @Test
    void aLateAttemptReplacesNothing() throws Exception {
        none(trials.lateAttempts(3, SEED));
    }

    @Tag("faults")
    @Test
    void anAttemptHeldUpAnywhereReplacesNothing() throws Exception {
        none(trials.lateAttempts(Math.max(6, trialCount() / 2), SEED));
    }

    @Test
    void readersBesideAWriterSeeWholeEditions() throws Exception {
        none(trials.readersBesideAWriter(6, SEED));
    }

    @Tag("faults")
    @Test
    void readersBesideManyReplacementsSeeWholeEditions() throws Exception {
        none(trials.readersBesideAWriter(trialCount(), SEED));
    }

    private static void none(List<String> problems) {
        assertThat(problems).isEmpty();
    }
}
