package dev.candlewick.examples;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Run once by the launcher after a build: does what the commands do most, so that the JVM can write the classes they need
 * into an archive that later starts map into memory.
 */
public final class WarmUp {

    private WarmUp() {}

    /** Fills a store in a temporary directory from the simulated venue, reads it in every format, and deletes it. */
    public static void main(String[] words) throws IOException {
        Path directory = Files.createTempDirectory("candlewick-warm-up-");
        try (BinanceSimulator venue = DemoVenue.start(Clock.systemUTC())) {
            Console console = new Console(
                    InputStream.nullInputStream(),
                    OutputStream.nullOutputStream(),
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                    venue.environment(),
                    Clock.systemUTC(),
                    Terminal.none());
            String store = "parquet:" + directory;
            String day = "--series " + DemoVenue.SERIES + " --start 2023-04-30 --end 2023-05-01";
            for (String line : List.of(
                    "backfill --from binance:spot --to " + store + " " + day,
                    "read --format csv --store " + store + " " + day,
                    "read --format json --interval 1h --store " + store + " " + day,
                    "read --fill --store " + store + " " + day,
                    "gaps --store " + store + " " + day,
                    "status --store " + store,
                    "help")) {
                CommandLine.standard().run(new ArrayList<>(List.of(line.split(" "))), console);
            }
        } finally {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
