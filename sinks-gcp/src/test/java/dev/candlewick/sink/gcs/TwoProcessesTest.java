package dev.candlewick.sink.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.BackfillReport;
import dev.candlewick.Backfiller;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.testkit.SyntheticSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Processes that know nothing of each other fill one series in one bucket. */
class TwoProcessesTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final TimeRange YEAR = TimeRange.of("2023-01-01", "2024-01-01");

    /** One of them: given host and port. */
    public static void main(String[] arguments) throws Exception {
        try (Store store = ImpatientStores.of("lake").open(arguments[0], Integer.parseInt(arguments[1]))) {
            System.out.println("ready");
            System.out.flush();
            if (System.in.read() >= 0) {
                BackfillReport report = fill(store);
                System.out.println(report);
            }
        }
    }

    @Test
    void twoThatFillOneSeriesAtOnceLeaveItAsOneWould() throws Exception {
        try (LocalCloudStorage server = LocalCloudStorage.start().bucket("lake")) {
            List<Process> processes = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) {
                    processes.add(process(server));
                }
                for (Process each : processes) {
                    assertThat(each.inputReader().readLine()).isEqualTo("ready");
                }
                for (Process each : processes) {
                    each.outputWriter().write("go\n");
                    each.outputWriter().flush();
                }
                for (Process each : processes) {
                    assertThat(each.waitFor(90, TimeUnit.SECONDS)).isTrue();
                }
            } finally {
                processes.forEach(Process::destroyForcibly);
            }
            try (Store together = ImpatientStores.of("lake").open("127.0.0.1", server.port());
                    Store alone = ImpatientStores.of("lake/alone").open("127.0.0.1", server.port())) {
                fill(alone);
                assertThat(together.coverage(BTC, YEAR).isComplete()).isTrue();
                assertThat(together.verify(BTC).isSound()).isTrue();
                assertThat(together.ledger(BTC, YEAR))
                        .extracting(entry -> entry.unit() + " " + entry.contentHash())
                        .containsExactlyElementsOf(alone.ledger(BTC, YEAR).stream()
                                .map(entry -> entry.unit() + " " + entry.contentHash())
                                .toList());
                assertThat(together.ledger(BTC, YEAR)).allMatch(entry -> entry.revision() == 1);
            }
        }
    }

    private static BackfillReport fill(Store store) {
        return Backfiller.from(new SyntheticSource()).to(store).build().fill(BTC, YEAR);
    }

    private static Process process(LocalCloudStorage server) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TwoProcessesTest.class.getName(),
                        "127.0.0.1",
                        Integer.toString(server.port()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
