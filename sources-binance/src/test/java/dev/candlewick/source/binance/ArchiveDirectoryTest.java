package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Answer;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.Unavailable;
import dev.candlewick.spi.Addresses;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.testkit.RecordedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read from files in a directory, whatever state they are in. */
final class ArchiveDirectoryTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-06-12T15:07:30Z"), ZoneOffset.UTC);
    private static final String SPOT = "BINANCE:SPOT_PAIR:BTC-USDT/candles:";
    private static final String DAY = "data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01-01.zip";
    private static final String MONTH = "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip";

    @TempDir
    private Path directory;

    private DiskArchive disk;

    @BeforeEach
    void open() {
        disk = new DiskArchive(directory);
    }

    @ParameterizedTest
    @CsvSource({
        "data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01-01.zip, BINANCE:SPOT_PAIR:BTC-USDT",
        "data/futures/um/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01-01.zip, BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN",
        "data/futures/cm/daily/klines/BTCUSD_PERP/1h/BTCUSD_PERP-1h-2024-01-01.zip,"
                + " BINANCE-DELIVERY:PERPETUAL:BTC-USD@INV",
        "data/futures/cm/daily/klines/BTCUSD_240628/1h/BTCUSD_240628-1h-2024-01-01.zip,"
                + " BINANCE-DELIVERY:FUTURE:BTC-USD@INV-240628",
        "futures/um/1h/BTCUSDT/BTCUSDT-1h-2024-01-01.zip, BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN",
        "store/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01-01.zip, BINANCE:SPOT_PAIR:BTC-USDT",
        "um/BTCUSDT-1h-2024-01-01.csv, BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN",
        "spot/BTCUSDT-1h-2024-01-01.csv, BINANCE:SPOT_PAIR:BTC-USDT",
        "spot/币安人生USDT/币安人生USDT-1h-2024-01-01.zip, BINANCE:SPOT_PAIR:币安人生-USDT"
    })
    void everyLayoutIsUnderstood(String path, String subject) {
        if (path.endsWith(".csv")) {
            disk.bytes(path, DiskArchive.csv(path, DiskArchive.ALL));
        } else {
            disk.proven(path);
        }
        ArchiveDirectorySource source = source();

        Reading reading = Reading.of(source, subject + "/candles:1h", TimeRange.day("2024-01-01"));

        assertThat(reading.opens()).hasSize(24);
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.provenance().answers()).extracting(Answer::request).containsExactly(path);
        assertThat(source.series()).containsExactly(Series.parse(subject + "/candles:1h"));
        assertThat(source.onDisk(source.series().get(0))).isEqualTo(TimeRanges.of(TimeRange.day("2024-01-01")));
        assertThat(source.overlooked()).isEmpty();
    }

    @Test
    void ticksAreListedWithTheDaysOfTheirFiles() {
        disk.proven(DAY);
        for (String place : List.of(
                "spot/daily/trades/BTCUSDT/BTCUSDT-trades-2024-01-01.zip",
                "spot/daily/trades/BTCUSDT/BTCUSDT-trades-2024-01-02.zip",
                "spot/monthly/trades/BTCUSDT/BTCUSDT-trades-2024-03.zip",
                "futures/um/monthly/fundingRate/ETHUSDT/ETHUSDT-fundingRate-2024-01.zip",
                "futures/um/daily/metrics/WHATEVER/WHATEVER-metrics-2024-01-01.zip",
                "spot/daily/aggTrades/BTCUSDT/ETHUSDT-aggTrades-2024-01-01.zip",
                "spot/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2024-02-30.zip",
                "spot/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2024-01.zip",
                "spot/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2024-01-01.zip.CHECKSUM")) {
            disk.bytes("data/" + place, new byte[0]);
        }
        ArchiveDirectorySource source = source();
        Series trades = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
        Series funding = Series.parse("BINANCE-FUTURES:PERPETUAL:ETH-USDT@LIN/funding");
        assertThat(source.series()).containsExactlyInAnyOrder(Series.parse(SPOT + "1h"), trades, funding);
        assertThat(source.onDisk(trades))
                .isEqualTo(
                        TimeRanges.of(List.of(TimeRange.of("2024-01-01", "2024-01-03"), TimeRange.month("2024-03"))));
        assertThat(source.onDisk(funding)).isEqualTo(TimeRanges.of(TimeRange.month("2024-01")));
        assertThat(source.symbol(funding)).isEqualTo("ETHUSDT");
        assertThat(source.contested(trades)).isEmpty();
        assertThat(source.overlooked()).isEmpty();
        assertThat(source.onDisk(Series.parse("BINANCE-FUTURES:PERPETUAL:WHAT-EVER@LIN/metrics")))
                .as("a symbol that cannot be told apart is not listed, and is there by its subject")
                .isEqualTo(TimeRanges.of(TimeRange.day("2024-01-01")));
        ArchiveDirectorySource march = ArchiveDirectorySource.builder(directory)
                .matching("*-2024-03.zip")
                .build();
        assertThat(march.series()).containsExactly(trades);
        assertThat(march.onDisk(trades)).isEqualTo(TimeRanges.of(TimeRange.month("2024-03")));
        assertThat(TickReading.of(march, trades.toString(), TimeRange.day("2024-01-01"))
                        .provenance()
                        .answers())
                .as("files that do not match are as if they were not there")
                .isEmpty();
    }

    @Test
    void theProvenanceNamesEachFileWithItsHash() {
        disk.proven(DAY);
        Answer answer =
                read("1h", "2024-01-01", "2024-01-02").provenance().answers().get(0);
        assertThat(answer.route()).isEqualTo("directory-daily");
        assertThat(answer.version()).isEqualTo(Sha256.hex(disk.read(DAY)));
        assertThat(answer.checksum()).isEqualTo("sha256:" + answer.version());
        assertThat(answer.rows()).isEqualTo(24);
        assertThat(answer.note()).contains("times in ms").doesNotContain("no checksum");
    }

    @Test
    void aFileWithoutAChecksumIsReadAndThatIsNoted() {
        disk.bare(DAY);
        Reading reading = read("1h", "2024-01-01", "2024-01-02");
        assertThat(reading.opens()).hasSize(24);
        assertThat(reading.provenance().answers().get(0).note()).contains("no checksum lies beside it");
    }

    @Test
    void whatIsNotOnDiskStaysUnknown() {
        disk.proven(DAY);
        Reading reading = read("1h", "2024-01-01", "2024-01-04");
        assertThat(reading.opens()).hasSize(24);
        assertThat(reading.provenance().gaps()).isEmpty();
        assertThat(read("5m", "2024-01-01", "2024-01-02").provenance())
                .isEqualTo(new Provenance("archive:" + directory, List.of(), List.of(), List.of()));
    }

    @ParameterizedTest
    @EnumSource
    void aBadFileIsSetAsideWithItsNameAndTheRestGoesOn(Damage damage) {
        String bad = DAY.replace("01-01.zip", "01-02.zip");
        disk.proven(DAY).proven(bad).proven(DAY.replace("01-01.zip", "01-03.zip"));
        damage.strike(disk, bad);

        Reading reading = read("1h", "2024-01-01", "2024-01-04");

        assertThat(reading.opens()).hasSize(48);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.QUARANTINED);
            assertThat(gap.range()).isEqualTo(TimeRange.day("2024-01-02"));
            assertThat(gap.evidence()).contains("2024-01-02.zip").contains(damage.word);
            assertThat(gap.isDue(CLOCK.instant()))
                    .as("a better file counts at once")
                    .isTrue();
        });
    }

    enum Damage {
        TRUNCATED("damaged"),
        TRUNCATED_BEFORE_DOWNLOAD_ENDED("the checksum beside"),
        EMPTY("is no zip"),
        OTHER_MEMBER("holds a member"),
        BOMB("unpacks to more than"),
        WRONG_CHECKSUM("the checksum beside"),
        GARBAGE_CHECKSUM("cannot be read"),
        NOT_A_ZIP("is no zip");

        private final String word;

        Damage(String word) {
            this.word = word;
        }

        void strike(DiskArchive disk, String path) {
            byte[] bytes = disk.read(path);
            switch (this) {
                case TRUNCATED ->
                    disk.bytes(path, Arrays.copyOf(bytes, bytes.length / 2)).checksum(path);
                case TRUNCATED_BEFORE_DOWNLOAD_ENDED -> disk.bytes(path, Arrays.copyOf(bytes, bytes.length / 2));
                case EMPTY -> disk.bytes(path, new byte[0]).checksum(path);
                case OTHER_MEMBER ->
                    disk.bytes(path, DiskArchive.zip("../../etc/passwd", bytes)).checksum(path);
                case BOMB ->
                    disk.bytes(path, DiskArchive.zip(DiskArchive.member(path), new byte[20 << 20]))
                            .checksum(path);
                case WRONG_CHECKSUM ->
                    disk.bytes(
                            path + ".CHECKSUM",
                            ("0".repeat(64) + "  BTCUSDT-1h-2024-01-02.zip").getBytes(StandardCharsets.UTF_8));
                case GARBAGE_CHECKSUM -> disk.bytes(path + ".CHECKSUM", "<html>".getBytes(StandardCharsets.UTF_8));
                case NOT_A_ZIP ->
                    disk.bytes(path, "<html>".getBytes(StandardCharsets.UTF_8)).checksum(path);
            }
        }
    }

    @Test
    void daysFillWhatTheMonthLacksAndTheMonthIsBelieved() {
        long missing = Instant.parse("2024-01-01T05:00:00Z").toEpochMilli();
        disk.proven(MONTH, open -> open != missing);
        byte[] other = DiskArchive.zip(DiskArchive.member(DAY), DiskArchive.csv(DAY, DiskArchive.ALL, "9.9"));
        disk.bytes(DAY, other).checksum(DAY);

        Reading whole = read("1h", "2024-01-01", "2024-02-01");
        Reading day = read("1h", "2024-01-01", "2024-01-02");

        assertThat(whole.opens()).hasSize(31 * 24);
        assertThat(whole.reasons()).isEmpty();
        assertThat(whole.provenance().answers()).extracting(Answer::request).containsExactly(MONTH, DAY);
        assertThat(whole.provenance().answers().get(1).note()).contains("23 candles differ");
        assertThat(whole.rows().subList(0, 24)).isEqualTo(day.rows());
        assertThat(day.rows().stream().filter(row -> row.get(5).equals("9.9"))).hasSize(1);
    }

    @Test
    void daysStandInForADamagedMonth() {
        disk.proven(MONTH).proven(DAY);
        Damage.TRUNCATED.strike(disk, MONTH);
        Reading reading = read("1h", "2024-01-01", "2024-01-03");
        assertThat(reading.opens()).hasSize(24);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.range()).isEqualTo(TimeRange.day("2024-01-02"));
            assertThat(gap.reason()).isEqualTo(GapReason.QUARANTINED);
        });
    }

    @Test
    void aHoleInAProvenFileIsAHoleOfTheArchiveAndAKnownOutageItself() {
        TimeRange hole = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T07:00:00Z");
        disk.proven(DAY, open -> !hole.contains(Instant.ofEpochMilli(open)));
        String outageDay = DAY.replace("2024-01-01", "2023-03-24");
        disk.proven(
                outageDay, open -> open != Instant.parse("2023-03-24T13:00:00Z").toEpochMilli());

        Gap unexplained =
                read("1h", "2024-01-01", "2024-01-02").provenance().gaps().get(0);
        Gap outage = read("1h", "2023-03-24", "2023-03-25").provenance().gaps().get(0);

        assertThat(unexplained.range()).isEqualTo(hole);
        assertThat(unexplained.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
        assertThat(unexplained.evidence()).contains(DAY);
        assertThat(outage.reason()).isEqualTo(GapReason.VENUE_OUTAGE);
        assertThat(outage.recheckAt()).isEqualTo(Gap.NEVER);
    }

    @Test
    void headersMicrosecondsAndRepeatedRowsAreReadAsOnline() {
        String csv = new String(DiskArchive.csv(DAY, DiskArchive.ALL), StandardCharsets.UTF_8)
                .replaceAll("(?m)^(\\d{13}),", "$1000,")
                .replaceAll(",(\\d{10}999),", ",$1999,");
        String header = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
                + "taker_buy_quote_volume,ignore\n";
        String twice = header + csv + csv.lines().findFirst().orElseThrow() + "\n";
        disk.bytes(DAY, DiskArchive.zip(DiskArchive.member(DAY), twice.getBytes(StandardCharsets.UTF_8)));
        java.util.List<ArchiveFileReport> reports = new java.util.ArrayList<>();
        ArchiveDirectorySource source = ArchiveDirectorySource.builder(directory)
                .clock(CLOCK)
                .onFile(reports::add)
                .build();

        Reading reading = Reading.of(source, SPOT + "1h", TimeRange.day("2024-01-01"));

        assertThat(reading.opens()).hasSize(24);
        assertThat(reading.provenance().answers().get(0).note()).contains("µs", "header", "1 rows that repeat");
        assertThat(reports).containsExactly(new ArchiveFileReport(DAY, 24, 1, 0, ""));
    }

    @Test
    void linksThatLeadOutAreRefused(@TempDir Path outside) throws IOException {
        new DiskArchive(outside)
                .proven("elsewhere/spot/" + "BTCUSDT-1h-2024-01-02.zip")
                .bare("BTCUSDT-1h-2024-01-03.zip");
        disk.proven(DAY);
        Files.createSymbolicLink(directory.resolve("more"), outside.resolve("elsewhere"));
        Files.createSymbolicLink(
                directory.resolve(DAY.replace("01-01.zip", "01-03.zip")), outside.resolve("BTCUSDT-1h-2024-01-03.zip"));
        ArchiveDirectorySource source = source();

        Reading reading = Reading.of(source, SPOT + "1h", TimeRange.of("2024-01-01", "2024-01-04"));

        assertThat(reading.opens()).hasSize(24);
        assertThat(source.overlooked()).singleElement().asString().contains("more", "leads out");
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.QUARANTINED);
            assertThat(gap.evidence()).contains("leads out");
        });
    }

    @Test
    void whatIsNoFileOfCandlesButLooksLikeOneIsNamed() throws IOException {
        disk.proven(DAY).bare("spot/BTCUSDT-1h-2024-02-03.zip");
        Files.createFile(directory.resolve("spot/BTCUSDT-7m-2024-02-03.zip"));
        Files.createFile(directory.resolve("spot/BTCUSDT-20m-2024-02-03.zip"));
        Files.createFile(directory.resolve("spot/BTCUSDT-1h-2024-13.zip"));
        Files.createSymbolicLink(directory.resolve("lost"), directory.resolve("nowhere"));
        Files.createSymbolicLink(
                directory.resolve(DAY.replace("01-01.zip", "01-03.zip")), directory.resolve("nowhere.zip"));
        ArchiveDirectorySource source = source();

        Reading reading = Reading.of(source, SPOT + "1h", TimeRange.of("2024-01-01", "2024-01-04"));

        assertThat(source.overlooked())
                .hasSize(4)
                .anyMatch(line -> line.contains("spot/BTCUSDT-1h-2024-13.zip") && line.contains("date"))
                .anyMatch(line -> line.contains("spot/BTCUSDT-7m") && line.contains("interval"))
                .anyMatch(line -> line.contains("20m") && line.contains("interval"))
                .anyMatch(line -> line.startsWith("lost") && line.contains("leads nowhere"));
        assertThat(reading.provenance().gaps())
                .singleElement()
                .satisfies(gap -> assertThat(gap.evidence()).contains("leads nowhere"));
    }

    @Test
    void aFileThatLosesAgainstAnotherOneOfItsDayIsNamedWhenItHoldsSomethingElse() {
        byte[] other = DiskArchive.csv(DAY, DiskArchive.ALL, "77.5");
        disk.proven(DAY)
                .bytes("z/" + DAY, DiskArchive.zip(DiskArchive.member(DAY), other))
                .bytes("same/" + DAY, DiskArchive.zip(DiskArchive.member(DAY), DiskArchive.csv(DAY, DiskArchive.ALL)))
                .bytes(DAY.replace(".zip", ".csv"), DiskArchive.csv(DAY, DiskArchive.ALL))
                .bytes("x/" + DAY.replace(".zip", ".csv"), other);
        ArchiveDirectorySource source = source();

        assertThat(source.contested(Series.parse(SPOT + "1h")))
                .containsExactly(
                        "z/" + DAY + ": holds something else than " + DAY + ", which is believed",
                        "x/" + DAY.replace(".zip", ".csv") + ": holds something else than " + DAY
                                + ", which is believed");
    }

    @Test
    void theDirectoryItselfMayBeALink(@TempDir Path elsewhere) throws IOException {
        disk.proven(DAY);
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), directory);
        Reading reading = Reading.of(ArchiveDirectorySource.of(link), SPOT + "1h", TimeRange.day("2024-01-01"));
        Files.delete(link);
        assertThat(reading.opens()).hasSize(24);
    }

    @Test
    void aSymbolCannotLeadOutOfTheDirectory() {
        disk.proven(DAY);
        Source source = source();
        for (String code : List.of("..-..", "../x-USDT".replace('/', '\\'), ".-.")) {
            assertThat(Reading.of(source, "BINANCE:SPOT_PAIR:" + code + "/candles:1h", TimeRange.day("2024-01-01"))
                            .provenance()
                            .answers())
                    .isEmpty();
        }
    }

    @Test
    void otherDataUnderTheNamesOfCandlesIsLeftAlone() {
        disk.proven("data/futures/um/daily/markPriceKlines/BTCUSDT/1h/BTCUSDT-1h-2024-01-01.zip")
                .proven("data/futures/um/daily/premiumIndexKlines/BTCUSDT/1h/BTCUSDT-1h-2024-01-01.zip");
        assertThat(source().series()).isEmpty();
    }

    @Test
    void theMarketIsAskedForWhereNoFolderTellsIt() {
        disk.proven("futures/1h/BTCUSDT/BTCUSDT-1h-2024-01-01.zip");
        assertThat(source().series()).isEmpty();
        assertThat(source().overlooked()).singleElement().asString().contains("spot, um or cm");
        try (Source named = Addresses.source("archive:" + directory + "?market=um", Map.of())) {
            assertThat(Reading.of(
                                    named,
                                    "BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN/candles:1h",
                                    TimeRange.day("2024-01-01"))
                            .opens())
                    .hasSize(24);
        }
    }

    @Test
    void aPatternNarrowsWhatIsLookedAt() {
        disk.proven(DAY).proven(DAY.replace("01-01.zip", "01-02.zip"));
        ArchiveDirectorySource source = ArchiveDirectorySource.builder(directory)
                .matching("*-2024-01-02.zip")
                .clock(CLOCK)
                .build();
        assertThat(Reading.of(source, SPOT + "1h", TimeRange.of("2024-01-01", "2024-01-04"))
                        .opens())
                .hasSize(24);
        assertThatThrownBy(() -> ArchiveDirectorySource.builder(directory).matching("[a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[a");
    }

    @Test
    void anEstimateCountsFilesAndBytes() throws IOException {
        disk.proven(MONTH).proven(DAY).proven(DAY.replace("2024-01-01", "2024-02-01"));
        Estimate estimate = source().estimate(Series.parse(SPOT + "1h"), TimeRange.of("2024-01-01", "2024-03-01"));
        assertThat(estimate.requests())
                .containsExactlyInAnyOrderEntriesOf(Map.of("directory-monthly", 1L, "directory-daily", 1L));
        assertThat(estimate.bytes().orElseThrow())
                .isEqualTo(Files.size(directory.resolve(MONTH))
                        + Files.size(directory.resolve(DAY.replace("2024-01-01", "2024-02-01"))));
    }

    @Test
    void openCandlesAreNotGiven() {
        disk.proven(DAY.replace("2024-01-01", "2024-06-12"));
        Reading reading = read("1h", "2024-06-12", "2024-06-13");
        assertThat(reading.opens()).hasSize(15);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.NOT_YET_PUBLISHED);
            assertThat(gap.range()).isEqualTo(TimeRange.of("2024-06-12T15:00:00Z", "2024-06-13"));
        });
    }

    @ParameterizedTest
    @CsvSource({"1d, 31", "3d, 10", "1w, 5", "1M, 1"})
    void longCandlesComeFromTheMonthInWhichTheyOpen(String interval, int candles) {
        String name = interval.replace("M", "mo");
        disk.proven("spot/BTCUSDT-" + name + "-2024-01.zip").proven("spot/BTCUSDT-" + name + "-2024-02.zip");
        Reading month = read(interval, "2024-01-01", "2024-02-01");
        assertThat(month.opens()).hasSize(candles);
        assertThat(month.reasons()).isEmpty();
        Reading both = read(interval, "2024-01-01", "2024-03-01");
        assertThat(both.reasons()).isEmpty();
        assertThat(both.opens())
                .doesNotHaveDuplicates()
                .startsWith(month.opens().toArray(Long[]::new));
    }

    @Test
    void filesThatComeLaterAreSeen() {
        AtomicLong nanos = new AtomicLong();
        ArchiveDirectorySource source = ArchiveDirectorySource.builder(directory)
                .clock(CLOCK)
                .ticker(nanos::get)
                .build();
        TimeRange day = TimeRange.day("2024-01-01");
        assertThat(Reading.of(source, SPOT + "1h", day).opens()).isEmpty();
        disk.proven(DAY);
        nanos.addAndGet(1_500_000_000);
        assertThat(Reading.of(source, SPOT + "1h", day).opens()).hasSize(24);
    }

    @Test
    void aFileThatFillsAHoleIsNoticed() {
        disk.proven(MONTH, open -> open != Instant.parse("2024-01-01T05:00:00Z").toEpochMilli());
        TimeRange january = TimeRange.month("2024-01");
        Series series = Series.parse(SPOT + "1h");
        Provenance first = read("1h", "2024-01-01", "2024-02-01").provenance();
        LedgerEntry entry = new UnitLedger(series, january).entry(Optional.empty(), january, first, CLOCK.instant());
        assertThat(source().changed(entry)).isEmpty();
        disk.proven(DAY);
        assertThat(source().changed(entry))
                .hasValueSatisfying(why -> assertThat(why).contains(DAY, "has come since"));
    }

    @Test
    void aReplacedFileIsNoticed() {
        disk.proven(DAY);
        TimeRange january = TimeRange.month("2024-01");
        ArchiveDirectorySource source = source();
        Provenance first = read("1h", "2024-01-01", "2024-02-01").provenance();
        Series series = Series.parse(SPOT + "1h");
        LedgerEntry entry = new UnitLedger(series, january).entry(Optional.empty(), january, first, CLOCK.instant());
        assertThat(source.changed(entry)).isEmpty();

        disk.bytes(DAY, DiskArchive.zip(DiskArchive.member(DAY), DiskArchive.csv(DAY, DiskArchive.ALL, "7")));
        assertThat(source.changed(entry))
                .as("the checksum still names the old one")
                .isEmpty();
        disk.checksum(DAY);
        assertThat(source.changed(entry))
                .hasValueSatisfying(why -> assertThat(why).contains(DAY, "replaced"));
    }

    @Test
    void aMissingDirectoryIsRefusedAndOneThatVanishesIsUnavailable() throws IOException {
        assertThatThrownBy(() -> ArchiveDirectorySource.of(directory.resolve("nowhere")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("nowhere");
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> ArchiveDirectorySource.of(file))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("is a file");
        Path gone = Files.createDirectory(directory.resolve("gone"));
        ArchiveDirectorySource source = ArchiveDirectorySource.of(gone);
        Files.delete(gone);
        assertThatThrownBy(() -> Reading.of(source, SPOT + "1h", TimeRange.day("2024-01-01")))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("gone");
    }

    @Test
    void everyRecordedSpotSymbolIsTakenApartAsTheVenueDoes() throws IOException {
        for (Market market : Market.values()) {
            String name = "rest/" + market + "_exchangeInfo_" + (market == Market.SPOT ? "2021-10-12" : "2021-07-22")
                    + ".json.gz";
            ExchangeInfo info = ExchangeInfo.read(
                    market, new java.io.ByteArrayInputStream(RecordedData.bytes("binance/" + name)), name);
            List<String> wrong = info.instruments().stream()
                    .filter(each -> SymbolParts.subject(market, each.symbol())
                            .filter(subject -> !subject.equals(each.subject()))
                            .isPresent())
                    .map(each -> each.symbol() + " " + each.subject())
                    .toList();
            List<String> unknown = info.instruments().stream()
                    .filter(each -> SymbolParts.subject(market, each.symbol()).isEmpty())
                    .map(BinanceSymbol::symbol)
                    .toList();
            assertThat(wrong).as("taken apart wrongly").isEmpty();
            assertThat(unknown).as("not taken apart").isEmpty();
        }
    }

    @Test
    void recordedFilesAreReadAndProven() {
        RecordedData.file("binance/vision/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2020-01-01.zip");
        Path vision = RecordedData.file("binance/vision");
        ArchiveDirectorySource source = ArchiveDirectorySource.of(vision);
        Reading reading = Reading.of(source, SPOT + "1m", TimeRange.of("2020-01-01", "2020-01-03"));
        assertThat(reading.opens()).hasSize(2 * 1_440);
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.provenance().answers())
                .hasSize(2)
                .allSatisfy(answer -> assertThat(answer.note()).doesNotContain("no checksum"));
        assertThat(source.series()).contains(Series.parse(SPOT + "1m"), Series.parse(SPOT + "1h"));
    }

    private ArchiveDirectorySource source() {
        return ArchiveDirectorySource.builder(directory).clock(CLOCK).build();
    }

    private Reading read(String interval, String start, String end) {
        return Reading.of(source(), SPOT + interval, TimeRange.of(start, end));
    }
}
