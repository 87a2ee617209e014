package dev.candlewick.examples;

import dev.candlewick.source.tardis.simulator.TardisSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The whole job against a simulated Tardis inside this process, each step being a command that anybody can type. */
final class TicksDemoStep implements TicksStep {

    private static final String FIRST_DAY = "2024-03-01";
    private static final String LAST_DAY = "2024-03-02";
    private static final String KEY = "a-key-for-the-demo";

    @Override
    public ExitCode run(TicksJob job) throws IOException {
        long begun = System.nanoTime();
        Path directory = DemoDirectory.open(Optional.empty());
        try (TardisSimulator tardis =
                TardisSimulator.builder().key(KEY).messagesPerDay(1_000).start()) {
            Demo demo = new Demo(job, directory, tardis);
            demo.say("DIR=" + directory.toAbsolutePath() + "\n");
            demo.step("Which days have no definitions of instruments?", "check-gaps", ExitCode.DONE_WITH_GAPS);
            demo.step("Define them.", "instruments", ExitCode.DONE);
            demo.step("What is missing?", "missing-tick-reports", ExitCode.DONE_WITH_GAPS);
            demo.step("Fetch it.", "download", ExitCode.DONE);
            demo.again();
            demo.step(
                    "Candles with features of the ticks.",
                    "candle-processing --accept-boundary --timeframes 1m 1h 24h",
                    ExitCode.DONE);
            demo.step("Indicators of the candles.", "mft-processing --timeframes 1m 1h", ExitCode.DONE);
            demo.step("Is all there, and right?", "validate", ExitCode.DONE);
            demo.say(String.format(
                    Locale.ROOT,
                    "%nDone in %.1f s: %s below%n  %s%n",
                    (System.nanoTime() - begun) / 1e9,
                    DataFiles.of(demo.store).orElseThrow(),
                    directory.toAbsolutePath()));
            demo.say("Try on it:\n  candlewick status --store parquet:$DIR/data\n");
        }
        return ExitCode.DONE;
    }

    private static Map<String, String> environment(TicksJob job, TardisSimulator tardis, Path directory) {
        Map<String, String> environment = new HashMap<>(job.console().environment());
        environment.put(TicksJob.KEY, KEY);
        environment.put("TARDIS_BASE_URL", tardis.baseUrl());
        environment.put("TARDIS_API_URL", tardis.baseUrl());
        environment.put("TARDIS_CACHE_DIR", directory.resolve("cache").toString());
        environment.put("CANDLEWICK_STATE_DIR", directory.resolve("state").toString());
        return environment;
    }

    private static final class Demo {

        private final Console console;
        private final String store;
        private final TardisSimulator tardis;
        private final boolean printsJson;
        private int number;

        Demo(TicksJob job, Path directory, TardisSimulator tardis) {
            this.console = job.console().with(environment(job, tardis, directory));
            this.printsJson = job.printsJson();
            this.store = "parquet:" + directory.resolve("data");
            this.tardis = tardis;
        }

        void step(String title, String mode, ExitCode expected) {
            number++;
            say("\n" + number + ". " + title + "\n");
            List<String> words = new ArrayList<>(List.of("ticks"));
            words.addAll(List.of(mode.split(" ")));
            words.addAll(List.of("--exchanges", "binance-futures", "deribit"));
            words.addAll(List.of("--start-date", FIRST_DAY, "--end-date", LAST_DAY));
            say("$ candlewick " + String.join(" ", words) + " --data parquet:$DIR/data\n");
            words.addAll(List.of("--data", store, "--log-level", "WARNING"));
            words.addAll(printsJson ? List.of("--format", "json") : List.of());
            ExitCode code = CommandLine.standard().run(words, console);
            require(code == expected, "'" + mode + "' ended with " + code + " instead of " + expected);
        }

        void again() {
            int asked = tardis.fileRequests().size();
            step("Once more: what is there is not asked for again.", "download", ExitCode.DONE);
            int more = tardis.fileRequests().size() - asked;
            say("Requests: " + more + ".\n");
            require(more == 0, "the second download asked Tardis");
        }

        void say(String text) {
            // Steps print objects then, and nothing else may stand between them.
            if (printsJson) {
                console.note(text);
            } else {
                console.print(text);
            }
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalStateException("The demo did not go as it should: " + otherwise);
            }
        }
    }
}
