package dev.candlewick.examples;

import static dev.candlewick.examples.StoreOnTrial.BTC;
import static dev.candlewick.examples.StoreOnTrial.ETH;
import static dev.candlewick.examples.StoreOnTrial.backfillLine;
import static dev.candlewick.examples.StoreOnTrial.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one store: writers do not harm each other, readers see old or new (E4, F6). */
class TwoProcessesTest {

    private static final String RANGE = range("2023-01-01", "2023-04-01");
    private static final String FEBRUARY = range("2023-02-01", "2023-03-01");

    @TempDir
    Path directory;

    @Test
    void twoBackfillsOfOneRangeAtOnceLeaveOneResult() throws Exception {
        race(1);
    }

    @Tag("faults")
    @Test
    void manyPairsOfBackfillsOfOneRangeLeaveOneResultEach() throws Exception {
        race(Math.max(2, Integer.getInteger("candlewick.faults.trials", 25) / 5));
    }

    private void race(int pairs) throws Exception {
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            StoreOnTrial undisturbed = new StoreOnTrial(venue, directory.resolve("undisturbed"));
            assertThat(undisturbed.backfill(RANGE).code()).isEqualTo(ExitCode.DONE);
            for (int pair = 0; pair < pairs; pair++) {
                StoreOnTrial store = new StoreOnTrial(venue, directory.resolve("store" + pair));
                String line = backfillLine(store.directory(), RANGE);
                try (ChildProcess one = ChildProcess.start(venue.environment(), List.of(), List.of(), line);
                        ChildProcess other = ChildProcess.start(venue.environment(), List.of(), List.of(), line)) {
                    assertThat(one.end()).as(one.output()).isZero();
                    assertThat(other.end()).as(other.output()).isZero();
                }
                store.assertEquals(undisturbed, RANGE);
            }
        }
    }

    @Test
    void aReaderBesideAProcessThatReplacesAUnitSeesOneEditionAtATime() throws Exception {
        replace(2);
    }

    @Tag("faults")
    @Test
    void aReaderBesideManyReplacementsSeesOneEditionAtATime() throws Exception {
        replace(Math.max(3, Integer.getInteger("candlewick.faults.trials", 25) / 5));
    }

    private void replace(int times) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            StoreOnTrial store = new StoreOnTrial(venue, directory.resolve("store"));
            assertThat(store.backfill(FEBRUARY).code()).isEqualTo(ExitCode.DONE);
            Set<String> editions = new LinkedHashSet<>(List.of(store.csv(BTC, FEBRUARY)));
            Future<List<String>> reading = threads.submit(() -> {
                List<String> seen = new ArrayList<>();
                long reads = 0;
                while (!ended.get()) {
                    String now = store.csv(BTC, FEBRUARY);
                    reads++;
                    if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(now)) {
                        seen.add(now);
                    }
                }
                System.out.println(reads + " reads beside " + times + " replacements");
                return seen;
            });
            for (int i = 0; i < times; i++) {
                for (String symbol : List.of("BTCUSDT", "ETHUSDT")) {
                    venue.republish("data/spot/monthly/klines/" + symbol + "/1h/" + symbol + "-1h-2023-02.zip");
                }
                String line = backfillLine(store.directory(), FEBRUARY) + " --refresh";
                try (ChildProcess child = ChildProcess.start(venue.environment(), List.of(), List.of(), line)) {
                    assertThat(child.end()).as(child.output()).isZero();
                }
                editions.add(store.csv(BTC, FEBRUARY));
            }
            ended.set(true);
            assertThat(editions).hasSize(times + 1);
            // Every edition that the reader saw is one that was whole, and they came in order.
            assertThat(List.copyOf(editions)).containsSubsequence(reading.get(1, TimeUnit.MINUTES));
            assertThat(store.csv(ETH, FEBRUARY)).isNotEmpty();
        } finally {
            ended.set(true);
            threads.shutdownNow();
        }
    }
}
