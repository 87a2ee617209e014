package dev.candlewick.examples;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.Resample;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.RequestKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code candlewick demo}: the whole job against a simulated Binance, each step being a command that anybody can type. */
final class DemoCommand implements Command {

    private static final int CHART_LINES = 16;
    /** Room at the right of the chart for the price axis. */
    private static final int AXIS_COLUMNS = 12;

    /** Longer commands are broken before the next flag. */
    private static final int LINE_COLUMNS = 60;

    private static final Duration BAN = Duration.ofSeconds(2);

    @Override
    public Usage usage() {
        return Usage.of("demo", "See the whole job in seconds, without network or key.")
                .allowing(Flags.DIR)
                .noting("""
                        A simulated Binance runs inside this process. The demo plans and backfills three months of its
                        1-minute candles, meets an outage and a ban, proves the hole, and draws what it got.
                        The store is kept, so that the commands shown can be tried on it. DIR must be new, empty, or an
                        earlier demo's: simulated candles never mix with others.""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) throws IOException {
        long begun = System.nanoTime();
        Path directory = DemoDirectory.open(arguments.value(Flags.DIR));
        try (BinanceSimulator venue = DemoVenue.start(console.clock())) {
            Map<String, String> environment = new HashMap<>(console.environment());
            environment.putAll(venue.environment());
            Steps steps = new Steps(console.with(environment), "parquet:" + directory, venue);
            steps.variables(directory);
            steps.plan();
            steps.backfill();
            steps.gaps();
            steps.again();
            steps.verify();
            steps.read();
            steps.chart(directory);
            steps.summary(directory, Duration.ofNanos(System.nanoTime() - begun));
            return ExitCode.DONE;
        }
    }

    /** What the demo does, one after the other. */
    private static final class Steps {

        private final Console console;
        private final String store;
        private final BinanceSimulator venue;
        private int number;

        Steps(Console console, String store, BinanceSimulator venue) {
            this.console = console;
            this.store = store;
            this.venue = venue;
        }

        void variables(Path directory) {
            say("DIR=" + directory.toAbsolutePath());
            say("SERIES=" + DemoVenue.SERIES);
            say("");
        }

        void plan() {
            title("What would it take? A plan asks nobody.");
            command(ExitCode.DONE, words("plan --from binance:spot --to", DemoVenue.RANGE));
            require(venue.requests().count() == 0, "the plan asked the venue");
        }

        void backfill() {
            title("Fetch it. The venue will ban us for " + BAN.toSeconds() + " seconds on the way.");
            venue.misbehave(Misbehaviour.banned(BAN).onKind(RequestKind.KLINES).times(1));
            // One unit at a time: what another unit has sent when the ban begins nobody can take back.
            command(
                    ExitCode.DONE_WITH_GAPS,
                    words("backfill --parallelism 1 --from binance:spot --to", DemoVenue.RANGE));
            int unwelcome = venue.requests().unwelcome().size();
            say("Requests: " + venue.requests().count(RequestKind.ARCHIVE_FILE) + " archive files, "
                    + venue.requests().count(RequestKind.KLINES) + " REST pages; during the ban: " + unwelcome + ".");
            require(unwelcome == 0, "the venue was asked during a ban");
        }

        void gaps() {
            title("What is missing, and why?");
            command(ExitCode.DONE_WITH_GAPS, words("gaps --store", DemoVenue.RANGE));
        }

        void again() {
            title("Once more: what is there, or proven not to exist, is not asked for again.");
            venue.requests().clear();
            command(ExitCode.DONE_WITH_GAPS, words("backfill --from binance:spot --to", DemoVenue.RANGE));
            say("Requests: " + venue.requests().count() + ".");
            require(venue.requests().count() == 0, "the second backfill asked the venue");
        }

        void verify() {
            title("Is every byte still what was committed?");
            command(ExitCode.DONE, List.of("verify", "--store", store));
        }

        void read() {
            title("The minutes around the outage, with the hole filled and marked while reading.");
            TimeRange minutes = TimeRange.of("2023-03-24T12:38:00Z", "2023-03-24T12:43:00Z");
            command(ExitCode.DONE, words("read --fill --format csv --store", minutes));
        }

        void chart(Path directory) {
            int columns = Math.max(20, console.terminal().columns() - AXIS_COLUMNS);
            Series daily = Series.parse(DemoVenue.SERIES).with(Dataset.candles("1d"));
            title("The days, built from the minutes:");
            List<CandleChart.Slot> slots = slots(directory, daily);
            CandleChart.Colours colours = console.terminal().colours(Terminal.Stream.OUT, console.environment())
                    ? CandleChart.Colours.ON
                    : CandleChart.Colours.OFF;
            console.draw(new CandleChart(CHART_LINES, colours, "uuuu-MM-dd")
                    .draw(slots.subList(Math.max(0, slots.size() - columns), slots.size())));
        }

        void summary(Path directory, Duration duration) throws IOException {
            DataFiles files = DataFiles.of(store).orElseThrow();
            say("");
            say(String.format(
                    Locale.ROOT,
                    "Done in %.1f s: %,d rows, exact, in %s below%n  %s",
                    duration.toMillis() / 1_000.0,
                    rows(directory),
                    files,
                    directory.toAbsolutePath()));
            say("Try on it:");
            say("  candlewick status --store parquet:$DIR");
            say(typed(words("read --interval 1h --store", DemoVenue.RANGE)).replaceFirst("^\\$", " "));
        }

        private long rows(Path directory) {
            try (ParquetStore parquet = ParquetStore.at(directory)) {
                return parquet.ledger(Series.parse(DemoVenue.SERIES), ParquetStores.ALWAYS).stream()
                        .mapToLong(entry -> entry.rows())
                        .sum();
            }
        }

        private List<CandleChart.Slot> slots(Path directory, Series daily) {
            Map<Instant, CandleChart.Prices> candles = new HashMap<>();
            TimeRange days = TimeRange.of("2023-02-01", "2023-05-01");
            try (ParquetStore parquet = ParquetStore.at(directory);
                    Batches batches =
                            Resample.over(parquet, Interval.parse("1m")).read(daily, days)) {
                for (Batch batch : batches) {
                    TimeColumn opens = batch.times("open_time");
                    for (int row = 0; row < batch.rows(); row++) {
                        candles.put(
                                Instant.EPOCH.plus(Duration.ofMillis(opens.epochMicros(row) / 1_000)),
                                new CandleChart.Prices(
                                        price(batch, "open", row),
                                        price(batch, "high", row),
                                        price(batch, "low", row),
                                        price(batch, "close", row)));
                    }
                }
            }
            List<Instant> opens = days.split(Duration.ofDays(1)).stream()
                    .map(TimeRange::start)
                    .toList();
            return CandleChart.slots(opens, candles);
        }

        private static BigDecimal price(Batch batch, String column, int row) {
            return batch.decimals(column).get(row);
        }

        /** A command up to the flag that takes the store, on the demo's series and a range. */
        private List<String> words(String command, TimeRange range) {
            List<String> words = new ArrayList<>(List.of(command.split(" ")));
            words.addAll(List.of(store, "--series", DemoVenue.SERIES));
            words.addAll(List.of("--start", text(range.start()), "--end", text(range.end())));
            return words;
        }

        private static String text(Instant instant) {
            return instant.toString().replace("T00:00:00Z", "");
        }

        private void title(String text) {
            number++;
            say((number == 1 ? "" : "\n") + number + ". " + text);
        }

        private void command(ExitCode expected, List<String> words) {
            say(typed(words));
            ExitCode code = CommandLine.standard().run(words, console);
            require(code == expected, "'" + words.get(0) + "' ended with " + code + " instead of " + expected);
        }

        /** The command as a person would type it, with the two long words in shell variables. */
        private String typed(List<String> words) {
            StringBuilder text = new StringBuilder("$ candlewick");
            int lineStart = 0;
            for (String word : words) {
                String shown = word.equals(store) ? "parquet:$DIR" : word.equals(DemoVenue.SERIES) ? "$SERIES" : word;
                if (shown.startsWith("--") && text.length() - lineStart > LINE_COLUMNS) {
                    text.append(" \\\n   ");
                    lineStart = text.length();
                }
                text.append(' ').append(shown);
            }
            return text.toString();
        }

        private void say(String line) {
            console.print(line + "\n");
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalStateException("The demo did not go as it should: " + otherwise);
            }
        }
    }
}
