package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.source.tardis.simulator.Fault;
import dev.candlewick.source.tardis.simulator.TardisSimulator;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SimulatedTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it downloads leaves no file under its own name that is not whole. */
@Timeout(120)
final class KilledDownloadTest {

    private static final Series SERIES = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final String LOCAL = "binance_trades_2024-01-01_BTCUSDT.csv.gz";

    private final TardisSimulator tardis = TardisSimulator.start();

    @TempDir
    private Path cache;

    @AfterEach
    void stop() {
        tardis.close();
    }

    /** What the killed process does. */
    public static void main(String[] arguments) {
        try (TardisSource source = TardisSource.builder()
                .baseUrl(arguments[0])
                .apiUrl(arguments[0])
                .cache(Path.of(arguments[1]))
                .build()) {
            Rows.of(source, SERIES, DAY);
        }
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledDownloadTest.class.getName(),
                        tardis.baseUrl(),
                        cache.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> names = Files.list(cache)) {
            return names.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    private int readAgain() {
        tardis.behave();
        try (TardisSource source = Opening.source(tardis.baseUrl(), cache, new SimulatedTime("2025-07-02T12:00:00Z"))
                .build()) {
            return Rows.of(source, SERIES, DAY).size();
        }
    }

    private int published() {
        return (int) tardis.published("/binance/trades/2024/01/01/BTCUSDT.csv.gz")
                        .orElseThrow()
                        .lines()
                        .count()
                - 1;
    }

    @Test
    void aKilledDownloadLeavesNoConfirmedFile() throws Exception {
        tardis.fail(Fault.drip(200, Duration.ofMillis(20)), 1);
        Process process = start();
        while (files().stream().noneMatch(name -> name.endsWith(".unconfirmed"))) {
            assertThat(process.isAlive()).isTrue();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        process.destroyForcibly().waitFor();
        assertThat(files()).doesNotContain(LOCAL).hasSize(1);
        assertThat(readAgain()).isEqualTo(published());
    }

    @Test
    @Tag("faults")
    void killedAtAnyInstantTheCacheHoldsTheWholeFileOrNone() throws Exception {
        Random random = new Random(11);
        for (int trial = 0; trial < Integer.getInteger("candlewick.faults.trials", 25); trial++) {
            FileTrees.delete(cache);
            tardis.fail(Fault.drip(2_000, Duration.ofMillis(10)), 1);
            Process process = start();
            process.waitFor(400 + random.nextInt(900), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            if (files().contains(LOCAL)) {
                int asked = tardis.fileRequests().size();
                assertThat(readAgain()).isEqualTo(published());
                assertThat(tardis.fileRequests())
                        .as("a whole file is not fetched again")
                        .hasSize(asked);
            }
            assertThat(readAgain()).isEqualTo(published());
        }
    }
}
