package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two years of 1-minute candles of twenty instruments, four units at a time, in a heap of 256 MiB (B1); of fewer when
 * {@code candlewick.faults.trials} is below 100.
 */
@Tag("faults")
class SmallHeapTest {

    private static final Pattern PAUSE = Pattern.compile("Pause Full .* \\d+M->(\\d+)M");
    private static final int MINUTES_OF_2022_AND_2023 = 2 * 365 * 24 * 60;

    @TempDir
    Path directory;

    @Test
    void twoYearsOfTwentySeriesFitInto256Mebibytes() throws Exception {
        int symbols = Math.max(2, Math.min(20, Integer.getInteger("candlewick.faults.trials", 25) / 5));
        Process venue = venue(symbols);
        try (BufferedReader settings = venue.inputReader()) {
            Map<String, String> environment = new HashMap<>();
            for (String line = settings.readLine(); line != null && !line.isEmpty(); line = settings.readLine()) {
                environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
            Path log = directory.resolve("gc.log");
            StringBuilder line = new StringBuilder("backfill --from binance:spot --to parquet:"
                    + directory.resolve("store") + " --start 2022-01-01 --end 2024-01-01 --parallelism 4");
            for (int number = 0; number < symbols; number++) {
                line.append(" --series BINANCE:SPOT_PAIR:")
                        .append(VenueProcess.symbol(number))
                        .append("-USDT/candles:1m");
            }
            long started = System.nanoTime();
            try (ChildProcess backfill = ChildProcess.start(
                    environment,
                    List.of(),
                    List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-Xlog:gc:file=" + log),
                    line.toString())) {
                assertThat(backfill.end()).as(backfill.output()).isZero();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            try (BufferedReader reader = Files.newBufferedReader(log)) {
                System.out.printf(
                        "%d series, %,d candles in %d s; live heap at most %d MiB%n",
                        symbols, (long) symbols * MINUTES_OF_2022_AND_2023, took.toSeconds(), peak(reader));
            }
        } finally {
            venue.destroyForcibly();
        }
        Run status = Run.of(Map.of(), "verify", "--store", "parquet:" + directory.resolve("store"));
        assertThat(status.code()).as(status.out()).isEqualTo(ExitCode.DONE);
        assertThat(status.out()).contains(symbols * 24 + " units", (long) symbols * MINUTES_OF_2022_AND_2023 + " rows");
    }

    private static long peak(BufferedReader log) {
        return log.lines()
                .map(PAUSE::matcher)
                .filter(Matcher::find)
                .mapToLong(pause -> Long.parseLong(pause.group(1)))
                .max()
                .orElse(0);
    }

    private static Process venue(int symbols) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        VenueProcess.class.getName(),
                        Integer.toString(symbols))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
