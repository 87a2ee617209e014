package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every store on a server must do when the server freezes or dies and comes back, or when the writer is killed. Extend
 * it, say where the server is and how the store is opened, and give the subclass a {@code main} for the writer that is
 * killed, which hands its arguments to {@link ServerTrials#write}. {@code candlewick.faults.trials} and
 * {@code candlewick.faults.seed} say how often and from which moment on.
 */
@Tag("faults")
public abstract class ServerFaultsContract {

    /** How many trials a loop makes at most. */
    protected static final int TRIALS = Integer.getInteger("candlewick.faults.trials", 25);

    /** What chooses the moments. */
    protected static final long SEED = Long.getLong("candlewick.faults.seed", 20_261_121L);

    /** For subclasses. */
    protected ServerFaultsContract() {}

    /** The server. */
    protected abstract ServerTrials.Machine machine();

    /** How the store on it is opened. */
    protected abstract StoreOpening opening();

    /** By when any one call must have ended, whatever the server does. */
    protected abstract Duration deadline();

    /** As {@link #deadline}, where nothing comes from a server that is there. */
    protected Duration frozenDeadline() {
        return deadline();
    }

    /** What the writer's {@code main} needs to open the store, after host, port, change and symbol. */
    protected abstract String[] arguments();

    /** How often the server is killed; coming back takes some a while. */
    protected int killings() {
        return Math.max(4, TRIALS / 5);
    }

    @Test
    final void aServerThatFreezesAnywhereIsGivenUpInTimeAndNothingIsDoubled() throws Exception {
        try (ServerTrials trials = ServerTrials.of(machine(), opening(), frozenDeadline())) {
            assertThat(trials.serverPaused(Math.max(3, TRIALS / 8), SEED)).isEmpty();
        }
    }

    @Test
    final void aServerThatIsKilledAnywhereKeepsWhatItAcknowledgedAndRunningAgainCompletes() throws Exception {
        try (ServerTrials trials = ServerTrials.of(machine(), opening(), deadline())) {
            assertThat(trials.serverKilled(killings(), SEED)).isEmpty();
        }
    }

    @Test
    final void aWriterThatIsKilledAnywhereIsCompletedByRunningAgain() throws Exception {
        try (ServerTrials trials = ServerTrials.of(machine(), opening(), deadline())) {
            assertThat(trials.writersKilled(Math.max(4, TRIALS / 2), SEED, getClass(), arguments()))
                    .isEmpty();
        }
    }
}
