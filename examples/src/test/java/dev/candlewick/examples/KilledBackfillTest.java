package dev.candlewick.examples;

import static dev.candlewick.examples.StoreOnTrial.backfillLine;
import static dev.candlewick.examples.StoreOnTrial.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.RequestKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backfill that is killed at random instants and started again until it is done leaves what an undisturbed one does (E1, F1, F3). */
class KilledBackfillTest {

    private static final String RANGE = range("2022-11-01", "2023-05-01");

    @TempDir
    Path directory;

    @Test
    void aKilledBackfillIsCompletedByRunningItAgain() throws Exception {
        kill(1, 5);
    }

    @Tag("faults")
    @Test
    void aBackfillKilledAgainAndAgainIsCompletedByRunningItAgain() throws Exception {
        kill(Integer.getInteger("candlewick.faults.trials", 25), 20_261_121);
    }

    private void kill(int wantedKills, long seed) throws Exception {
        Random random = new Random(seed);
        int kills = 0;
        int stores = 0;
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            StoreOnTrial undisturbed = new StoreOnTrial(venue, directory.resolve("undisturbed"));
            assertThat(undisturbed.backfill(RANGE).code()).isEqualTo(ExitCode.DONE);
            // Answers take their time, so that the kills land everywhere from the first request to the last rename.
            venue.misbehave(Misbehaviour.delay(Duration.ofMillis(40))
                    .onKind(RequestKind.ARCHIVE_FILE, RequestKind.ARCHIVE_CHECKSUM));
            while (kills < wantedKills) {
                StoreOnTrial store = new StoreOnTrial(venue, directory.resolve("store" + stores++));
                int status = 137;
                while (status == 137) {
                    try (ChildProcess child = ChildProcess.start(
                            venue.environment(), List.of(), List.of(), backfillLine(store.directory(), RANGE))) {
                        // What is done already is not repeated, so a start never has to be waited for twice.
                        if (kills < wantedKills && child.killAfter(Duration.ofMillis(500 + random.nextInt(1_500)))) {
                            kills++;
                        } else {
                            status = child.end();
                            assertThat(status).as(child.output()).isZero();
                        }
                    }
                }
                store.assertEquals(undisturbed, RANGE);
            }
        }
        System.out.printf("killed %d times over %d stores, seed %d%n", kills, stores, seed);
    }
}
