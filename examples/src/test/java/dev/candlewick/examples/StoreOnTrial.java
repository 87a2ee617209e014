package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** A store that commands fill while things go wrong, and what must be true of it in the end. */
record StoreOnTrial(BinanceSimulator venue, Path directory) {

    static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT/candles:1h";
    static final String ETH = "BINANCE:SPOT_PAIR:ETH-USDT/candles:1h";

    /** A venue with two instruments and no holes, whose clock stands still. */
    static BinanceSimulator openVenue() {
        Instant listed = Instant.parse("2022-01-01T00:00:00Z");
        return BinanceSimulator.builder()
                .market(SyntheticMarket.seeded(7)
                        .spot("BTCUSDT", "BTC", "USDT", listed)
                        .spot("ETHUSDT", "ETH", "USDT", listed)
                        .build())
                .clock(Clock.fixed(Instant.parse("2023-06-10T00:30:00Z"), ZoneOffset.UTC))
                .uncompressedArchive()
                .start();
    }

    static String backfillLine(Path directory, String range) {
        return "backfill --from binance:spot --to parquet:" + directory + " --parallelism 2 --series " + BTC
                + " --series " + ETH + " " + range;
    }

    static String range(String start, String end) {
        return "--start " + start + " --end " + end;
    }

    Run run(String line) {
        return Run.of(venue.environment(), line.split(" "));
    }

    Run backfill(String range) {
        return run(backfillLine(directory, range));
    }

    /** Every stored row of a series in a range, as {@code read} prints it. */
    String csv(String series, String range) {
        Run read = run("read --format csv --store parquet:" + directory + " --series " + series + " " + range);
        assertThat(read.code()).as(read.err()).isEqualTo(ExitCode.DONE);
        return read.out();
    }

    /** Holds the store against one that nothing happened to. */
    void assertEquals(StoreOnTrial undisturbed, String range) throws IOException {
        for (String series : List.of(BTC, ETH)) {
            assertThat(csv(series, range)).isEqualTo(undisturbed.csv(series, range));
        }
        Run verify = run("verify --store parquet:" + directory);
        assertThat(verify.code()).as(verify.out()).isEqualTo(ExitCode.DONE);
        assertThat(verify.lines()).as("no findings, not even harmless ones").hasSize(1);
        assertThat(temporaries()).isEmpty();
    }

    List<Path> temporaries() throws IOException {
        return files(".tmp");
    }

    List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
