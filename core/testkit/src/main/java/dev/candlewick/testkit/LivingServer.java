package dev.candlewick.testkit;

import dev.candlewick.MarketDataException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Makes trials of a store, and makes those again in which the server died by itself: that is the server's mistake, no trial
 * of the store. How often that was is counted, so that it cannot hide. For one thread.
 */
final class LivingServer {

    /** A server that dies more often than this in one trial is no server to try a store on. */
    static final int MOST_DEATHS = 5;

    private final Runnable heal;
    private final NetworkTrials.Revival revival;
    private int deaths;
    private String last = "";

    /**
     * Trials of a server that may be brought back.
     *
     * @param heal ends what is being done to the network, which would be in the way of that
     */
    LivingServer(Runnable heal, NetworkTrials.Revival revival) {
        this.heal = heal;
        this.revival = revival;
    }

    /** The problems that a trial found while the server lived. */
    List<String> problems(Callable<List<String>> trial) throws Exception {
        for (int repeats = 0; ; repeats++) {
            List<String> problems;
            Optional<Exception> thrown = Optional.empty();
            try {
                problems = trial.call();
            } catch (MarketDataException failed) {
                problems = List.of("Without a fault " + failed);
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Exception failed) {
                problems = List.of("Without a fault " + failed);
                thrown = Optional.of(failed);
            }
            if (!problems.isEmpty() && repeats < MOST_DEATHS && revived(problems)) {
                continue;
            }
            if (thrown.isPresent()) {
                throw thrown.get();
            }
            return problems;
        }
    }

    /** What an undisturbed preparation gives. */
    <T> T value(Callable<T> preparation) throws Exception {
        for (int repeats = 0; ; repeats++) {
            try {
                return preparation.call();
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Exception failed) {
                if (repeats == MOST_DEATHS || !revived(List.of("Preparing: " + failed))) {
                    throw failed;
                }
            }
        }
    }

    private boolean revived(List<String> problems) throws Exception {
        heal.run();
        if (!revival.after(problems)) {
            return false;
        }
        deaths++;
        last = problems.get(0);
        return true;
    }

    /** One line, if the server ever died. */
    Optional<String> deaths() {
        return deaths == 0
                ? Optional.empty()
                : Optional.of("The server died by itself in " + deaths
                        + " trials, which were made again; in the last of them: " + last);
    }
}
