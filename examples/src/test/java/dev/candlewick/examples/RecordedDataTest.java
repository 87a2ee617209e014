package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.MarketType;
import dev.candlewick.source.binance.simulator.PublishedCandle;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded files of the real archive through the whole of backfill and read, digit by digit (R1, R4, R16, N1, N5, N7). */
class RecordedDataTest {

    private static final Instant LISTED = Instant.parse("2017-08-17T04:00:00Z");
    private static final int COLUMNS = 11;

    @TempDir
    private Path directory;

    private Path data = Path.of("");
    private String store = "";

    @BeforeEach
    void find() {
        assumeTrue(RecordedData.binance().isPresent(), "no recorded data here");
        data = RecordedData.binance().orElseThrow();
        store = "parquet:" + directory.resolve("store");
    }

    @Test
    void spotHoursAreExactOverTheSwitchToMicroseconds() throws Exception {
        List<String> expected = new ArrayList<>();
        for (String month : List.of("2024-11", "2024-12", "2025-01", "2025-02")) {
            expected.addAll(publish(
                    "vision/csv/spot-klines-1h/BTCUSDT-1h-" + month + ".csv.gz",
                    "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-" + month));
        }
        SyntheticMarket market =
                SyntheticMarket.seeded(1).spot("BTCUSDT", "BTC", "USDT", LISTED).build();

        List<String> read = backfilledAndRead(
                market, "binance:spot", "BINANCE:SPOT_PAIR:BTC-USDT/candles:1h", "2024-11-01", "2025-03-01");

        assertThat(read).isEqualTo(expected);
        for (String month : List.of("2024-11", "2024-12", "2025-01", "2025-02")) {
            assertSums("vision/csv/spot-klines-1h/BTCUSDT-1h-" + month + ".csv.gz", read, month);
        }
    }

    @Test
    void futuresMinutesOfAFileWithAHeaderAreExact() throws Exception {
        List<String> expected = publish(
                "vision/csv/um-klines-1m/ALGOUSDT-1m-2024-02.csv.gz",
                "data/futures/um/monthly/klines/ALGOUSDT/1m/ALGOUSDT-1m-2024-02");
        SyntheticMarket market = SyntheticMarket.seeded(1)
                .usdMargined("ALGOUSDT", "ALGO", "USDT", LISTED)
                .build();

        List<String> read = backfilledAndRead(
                market, "binance:um", "BINANCE-FUTURES:PERPETUAL:ALGO-USDT@LIN/candles:1m", "2024-02-01", "2024-03-01");

        assertThat(read).isEqualTo(expected);
        assertSums("vision/csv/um-klines-1m/ALGOUSDT-1m-2024-02.csv.gz", read, "2024-02");
    }

    @Test
    void theOutageOf20230324IsOneGapWithReasonAndEvidence() throws Exception {
        List<PublishedCandle> hours =
                Files.readAllLines(data.resolve("klines/BTCUSDT-spot-1h-2023-03.gap.csv")).stream()
                        .skip(1)
                        .map(RecordedDataTest::hour)
                        .toList();
        assertThat(hours).hasSize(743);
        SyntheticMarket market =
                SyntheticMarket.seeded(1).spot("BTCUSDT", "BTC", "USDT", LISTED).build();
        try (BinanceSimulator venue = BinanceSimulator.builder()
                .market(market)
                .recorded(MarketType.SPOT, "BTCUSDT", "1h", hours)
                .start()) {
            String march = " --series BINANCE:SPOT_PAIR:BTC-USDT/candles:1h --start 2023-03-01 --end 2023-04-01";
            Run backfill = run(venue, "backfill --from binance:spot --to " + store + march);
            Run gaps = run(venue, "gaps --format json --store " + store + march);
            Run read = run(venue, "read --format csv --store " + store + march);

            assertThat(backfill.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
            assertThat(gaps.lines()).hasSize(3);
            assertThat(gaps.lines().get(1))
                    .startsWith("{\"start\":\"2023-03-24T13:00:00Z\",\"end\":\"2023-03-24T14:00:00Z\","
                            + "\"reason\":\"venue_outage\",\"evidence\":\"")
                    .doesNotContain("\"evidence\":\"\"");
            assertThat(read.lines()).hasSize(744);
        }
    }

    /** Puts a recorded file into an archive of zips as the venue has it; gives the lines that reading it must print. */
    private List<String> publish(String recorded, String key) throws Exception {
        byte[] csv;
        try (GZIPInputStream bytes = new GZIPInputStream(Files.newInputStream(data.resolve(recorded)))) {
            csv = bytes.readAllBytes();
        }
        Path zip = directory.resolve("archive/" + key + ".zip");
        String name = zip.getFileName().toString();
        Files.createDirectories(zip.getParent());
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream members = new ZipOutputStream(file)) {
            members.putNextEntry(new ZipEntry(name.replace(".zip", ".csv")));
            members.write(csv);
        }
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(zip)));
        Files.writeString(zip.resolveSibling(name + ".CHECKSUM"), sha256 + "  " + name);
        return new String(csv, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> Character.isDigit(line.charAt(0)))
                .map(RecordedDataTest::printed)
                .toList();
    }

    private List<String> backfilledAndRead(
            SyntheticMarket market, String source, String series, String start, String end) {
        try (BinanceSimulator venue = BinanceSimulator.builder()
                .market(market)
                .archiveFiles(directory.resolve("archive"))
                .start()) {
            String range = " --series " + series + " --start " + start + " --end " + end;
            Run backfill = run(venue, "backfill --from " + source + " --to " + store + range);
            assertThat(backfill.code()).as(backfill.toString()).isEqualTo(ExitCode.DONE);
            Run read = run(venue, "read --format csv --store " + store + range);
            assertThat(read.code()).isEqualTo(ExitCode.DONE);
            return read.lines().subList(1, read.lines().size());
        }
    }

    /** Compares with the column sums that were computed by another program. */
    private void assertSums(String recorded, List<String> read, String month) throws IOException {
        String golden = Files.readString(data.resolve("golden/csv_stats.json"));
        String stats = golden.substring(golden.indexOf('"' + recorded + '"'));
        List<String[]> rows = read.stream()
                .filter(line -> line.startsWith(month))
                .map(line -> line.split(","))
                .toList();
        assertThat(rows).hasSize(Integer.parseInt(value(stats, "rows")));
        assertThat(sum(rows, 5)).isEqualByComparingTo(value(stats, "sumVolume"));
        assertThat(sum(rows, 7)).isEqualByComparingTo(value(stats, "sumQuoteVolume"));
        assertThat(sum(rows, 8)).isEqualByComparingTo(value(stats, "sumTrades"));
    }

    private static BigDecimal sum(List<String[]> rows, int column) {
        return rows.stream().map(row -> new BigDecimal(row[column])).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String value(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\": \"?([0-9.]+)").matcher(json);
        assertThat(matcher.find()).as(name).isTrue();
        return matcher.group(1);
    }

    static String printed(String line) {
        String[] fields = line.split(",");
        return IntStream.range(0, COLUMNS)
                .mapToObj(i -> switch (i) {
                    case 0, 6 -> time(fields[i]);
                    default -> plain(new BigDecimal(fields[i]));
                })
                .collect(Collectors.joining(","));
    }

    // Milliseconds have 13 digits in these years, microseconds 16.
    private static String time(String digits) {
        long value = Long.parseLong(digits);
        return Instant.EPOCH
                .plus(value, digits.length() > 13 ? ChronoUnit.MICROS : ChronoUnit.MILLIS)
                .toString();
    }

    private static PublishedCandle hour(String line) {
        String[] fields = line.split(",");
        List<BigDecimal> prices =
                Arrays.stream(fields, 1, 6).map(BigDecimal::new).toList();
        long open = Long.parseLong(fields[0]);
        BigDecimal volume = prices.get(4);
        return new PublishedCandle(
                open,
                open + 3_599_999,
                prices.get(0),
                prices.get(1),
                prices.get(2),
                prices.get(3),
                volume,
                volume,
                0,
                BigDecimal.ZERO,
                BigDecimal.ZERO);
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static Run run(BinanceSimulator venue, String line) {
        return Run.of(venue.environment(), line.split(" "));
    }
}
