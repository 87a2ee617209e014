package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Cancelled;
import dev.candlewick.Interval;
import dev.candlewick.Refused;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.MarketType;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching archive files into a directory, against a venue in this process. */
final class ArchiveDownloadTest {

    private static final Instant NOW = Instant.parse("2024-04-12T15:07:30Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Instant LISTED = Instant.parse("2023-11-10T05:00:00Z");
    private static final String MONTHS = "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-";
    private static final String DAYS = "data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-";
    private static BinanceSimulator venue;

    @TempDir
    private Path directory;

    private DiskArchive disk;
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void open() {
        SyntheticMarket market = SyntheticMarket.seeded(42)
                .spot("BTCUSDT", "BTC", "USDT", LISTED)
                .spot("币安人生USDT", "币安人生", "USDT", LISTED)
                .usdMargined("BTCUSDT", "BTC", "USDT", LISTED)
                .build();
        venue = BinanceSimulator.builder().market(market).clock(CLOCK).start();
    }

    @AfterAll
    static void shut() {
        venue.close();
    }

    @BeforeEach
    void start() {
        venue.requests().clear();
        disk = new DiskArchive(directory);
    }

    @AfterEach
    void end() {
        venue.behave();
        assertThat(disk.names()).doesNotContain(".part");
    }

    @Test
    void finishedMonthsComeWholeAndTheOthersByTheDay() {
        ArchiveDownloadReport report = run(hours("2024-01-15", "2024-05-01"));

        assertThat(names())
                .contains(MONTHS + "2024-02.zip", MONTHS + "2024-03.zip", MONTHS + "2024-03.zip.CHECKSUM")
                .contains(DAYS + "2024-01-15.zip", DAYS + "2024-01-31.zip", DAYS + "2024-04-11.zip")
                .doesNotContain(MONTHS + "2024-01.zip", MONTHS + "2024-04.zip", DAYS + "2024-01-14.zip");
        assertThat(report.fetched()).isEqualTo(2 + 17 + 11);
        assertThat(report.failed()).isZero();
        assertThat(report.bytes()).isEqualTo(zipBytes());
    }

    @Test
    void whatWasFetchedIsReadAsTheVenuePublishedIt() {
        run(hours("2024-01-01", "2024-05-01"));
        try (ArchiveDirectorySource source =
                ArchiveDirectorySource.builder(directory).clock(CLOCK).build()) {
            Reading reading = Reading.of(
                    source, "BINANCE:SPOT_PAIR:BTC-USDT/candles:1h", TimeRange.of("2024-01-01", "2024-04-12"));
            assertThat(reading.rows())
                    .isEqualTo(Reading.plain(venue.candles(
                            MarketType.SPOT,
                            "BTCUSDT",
                            "1h",
                            Instant.parse("2024-01-01T00:00:00Z").toEpochMilli(),
                            Instant.parse("2024-04-12T00:00:00Z").toEpochMilli())));
            assertThat(reading.reasons()).isEmpty();
        }
    }

    @Test
    void whatIsThereAndProvenIsNotAskedForAgain() {
        run(hours("2024-01-01", "2024-04-01"));
        venue.requests().clear();
        ArchiveDownloadReport again = run(hours("2024-01-01", "2024-04-01"));
        assertThat(again.there()).isEqualTo(3);
        assertThat(again.fetched()).isZero();
        assertThat(venue.requests().count(RequestKind.ARCHIVE_FILE)).isZero();
        assertThat(venue.requests().count(RequestKind.ARCHIVE_CHECKSUM)).isZero();
    }

    @Test
    void whatIsThereAndDoesNotProveIsFetchedAgain() {
        run(hours("2024-01-01", "2024-04-01"));
        String truth = disk.names();
        byte[] good = disk.read(MONTHS + "2024-02.zip");
        disk.bytes(MONTHS + "2024-01.zip", new byte[100]);
        disk.bytes(MONTHS + "2024-02.zip.CHECKSUM", "0".repeat(64).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        venue.requests().clear();

        ArchiveDownloadReport again = run(hours("2024-01-01", "2024-04-01"));

        assertThat(again.there()).isEqualTo(1);
        assertThat(again.fetched()).isEqualTo(2);
        assertThat(venue.requests().count(RequestKind.ARCHIVE_FILE))
                .as("a good file of which only the checksum is wrong is not fetched")
                .isEqualTo(1);
        assertThat(disk.names()).isEqualTo(truth);
        assertThat(disk.read(MONTHS + "2024-02.zip")).isEqualTo(good);
        assertThat(run(hours("2024-01-01", "2024-04-01")).there()).isEqualTo(3);
    }

    @Test
    void aFileThatWasPublishedAnewIsFetchedAgainWhenThatIsAsked() {
        run(hours("2024-01-01", "2024-04-01"));
        byte[] before = disk.read(MONTHS + "2024-03.zip");
        venue.republish(MONTHS + "2024-03.zip");
        assertThat(run(hours("2024-01-01", "2024-04-01")).there()).isEqualTo(3);
        ArchiveDownloadReport refreshed = run(hours("2024-01-01", "2024-04-01").refreshing());
        assertThat(refreshed.there()).isEqualTo(2);
        assertThat(refreshed.fetched()).isEqualTo(1);
        assertThat(disk.read(MONTHS + "2024-03.zip")).isNotEqualTo(before);
        assertThat(run(hours("2024-01-01", "2024-04-01")).there()).isEqualTo(3);
    }

    @Test
    void aMonthThatIsNotPublishedComesByTheDay() {
        try (var fault = venue.misbehave(ArchiveFaults.missingFile().forPeriod("2024-02"))) {
            ArchiveDownloadReport report = run(hours("2024-02-01", "2024-03-01"));
            assertThat(report.notPublished()).isEqualTo(1);
            assertThat(report.fetched()).isEqualTo(29);
            assertThat(fault.occurrences()).isPositive();
        }
    }

    @Test
    void whatIsNotPublishedIsCountedAndNotFailed() {
        try (var fault = venue.misbehave(ArchiveFaults.missingFile().forPeriod("2024-04-03"))) {
            ArchiveDownloadReport report = run(hours("2024-04-01", "2024-05-01"));
            assertThat(report.notPublished()).isEqualTo(1);
            assertThat(report.fetched()).isEqualTo(10);
            assertThat(report.failed()).isZero();
        }
    }

    @Test
    void oldFilesThatAreNotListedAreNotAskedForOneByOne() {
        ArchiveDownloadReport report = run(hours("2017-01-01", "2024-01-01"));
        // Listed since November 2023; of the half year before now, every file is asked for: the listing may lag.
        assertThat(venue.requests().count(RequestKind.ARCHIVE_CHECKSUM)).isLessThan(90);
        assertThat(report.notPublished()).isGreaterThan(2_000);
        assertThat(names()).contains(MONTHS + "2023-11.zip", MONTHS + "2023-12.zip");
    }

    @Test
    void aFolderOfMoreFilesThanAPageHoldsIsListedWhole() {
        SyntheticMarket market = SyntheticMarket.seeded(1)
                .spot("OLDUSDT", "OLD", "USDT", Instant.parse("2022-01-01T00:00:00Z"))
                .build();
        try (BinanceSimulator old =
                        BinanceSimulator.builder().market(market).clock(CLOCK).start();
                HttpTransport http = HttpTransport.create()) {
            List<String> names = new BucketListing(old.archiveUrl().toString(), http)
                    .filesIn("data/spot/daily/klines/OLDUSDT/4h/")
                    .orElseThrow();
            assertThat(names)
                    .doesNotHaveDuplicates()
                    .hasSize(2 * (365 + 365 + 31 + 29 + 31 + 11))
                    .contains("OLDUSDT-4h-2022-01-01.zip", "OLDUSDT-4h-2024-04-11.zip.CHECKSUM");
            assertThat(old.requests().count(RequestKind.LISTING)).isBetween(2, 4);
        }
    }

    @Test
    void aYoungFileThatIsNotListedIsAskedForAllTheSame() {
        venue.misbehave(Misbehaviour.staleListing(Instant.parse("2024-01-10T00:00:00Z")));
        assertThat(run(hours("2024-01-01", "2024-04-01")).fetched()).isEqualTo(3);
    }

    @Test
    void withoutAListingTheSameFilesCome() {
        venue.misbehave(Misbehaviour.answer(200, "text/html", "<html>").onKind(RequestKind.LISTING));
        run(hours("2023-09-01", "2024-01-01"));
        assertThat(names()).contains(MONTHS + "2023-11.zip", MONTHS + "2023-12.zip");
    }

    @Test
    void aFileThatNeverMatchesItsChecksumFailsAloneAndIsNamed() {
        venue.misbehave(ArchiveFaults.staleChecksum().forPeriod("2024-02"));
        ArchiveDownloadReport report = run(hours("2024-01-01", "2024-04-01"));
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.fetched()).isEqualTo(2);
        assertThat(report.failures()).singleElement().asString().contains("2024-02.zip", "published checksum");
        assertThat(names()).doesNotContain(MONTHS + "2024-02.zip");
    }

    @Test
    void aFileThatArrivesDamagedOnceIsFetchedOnceMore() {
        venue.misbehave(ArchiveFaults.truncatedZip().forPeriod("2024-02").times(1));
        assertThat(run(hours("2024-02-01", "2024-03-01")).fetched()).isEqualTo(1);
        venue.misbehave(ArchiveFaults.missingChecksum().forPeriod("2024-03"));
        ArchiveDownloadReport bare = run(hours("2024-03-01", "2024-04-01"));
        assertThat(bare.unproven()).isEqualTo(1);
        assertThat(names()).contains(MONTHS + "2024-03.zip").doesNotContain(MONTHS + "2024-03.zip.CHECKSUM");
        assertThat(run(hours("2024-03-01", "2024-04-01")).there()).isEqualTo(1);
        venue.behave();
        run(hours("2024-03-01", "2024-04-01"));
        assertThat(names()).contains(MONTHS + "2024-03.zip.CHECKSUM");
    }

    @Test
    void noSymbolsMeansAllThatTheArchiveLists() {
        try (ArchiveDownload download = download()) {
            assertThat(download.symbols(Market.SPOT)).containsExactly("BTCUSDT", "币安人生USDT");
            venue.misbehave(Misbehaviour.answer(200, "text/html", "<html>").onKind(RequestKind.LISTING));
            assertThat(download.symbols(Market.USD_MARGINED))
                    .as("as exchangeInfo names them")
                    .containsExactly("BTCUSDT");
            download.run(ArchiveSelection.of(Market.SPOT)
                    .intervals(List.of(Interval.parse("1d")))
                    .within(TimeRanges.of(TimeRange.month("2024-02"))));
        }
        assertThat(disk.names()).contains("币安人生USDT-1d-2024-02.zip", "BTCUSDT-1d-2024-02.zip");
    }

    @Test
    void aSymbolOfWhichNothingIsPublishedIsNamed() {
        ArchiveDownloadReport report = run(hours("2024-01-01", "2024-03-01").symbols(List.of("BTCUSDT", "BTCUSD")));
        assertThat(report.unknownSymbols()).containsExactly("BTCUSD");
        assertThat(report.toString()).contains("nothing is published of BTCUSD");
    }

    @Test
    void aSelectionByKindOfFileIsKept() {
        run(hours("2024-02-10", "2024-02-12").withoutDailyFiles());
        assertThat(names()).containsOnlyOnce(MONTHS + "2024-02.zip\n").doesNotContain("daily");
        run(hours("2024-02-01", "2024-03-01").withoutMonthlyFiles());
        assertThat(names().lines().filter(name -> name.startsWith(DAYS) && name.endsWith(".zip")))
                .hasSize(29);
        assertThatThrownBy(() ->
                        hours("2024-02-01", "2024-03-01").withoutDailyFiles().withoutMonthlyFiles())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSymbolCannotLeadOutOfTheDirectory(@TempDir Path outside) throws IOException {
        for (String symbol : List.of("../evil", "a/b", "..", "a\\b", "", "x\u0000y")) {
            assertThatThrownBy(() -> ArchiveSelection.of(Market.SPOT).symbols(List.of(symbol)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Files.createDirectories(directory.resolve("data/spot/monthly"));
        Files.createSymbolicLink(directory.resolve("data/spot/monthly/klines"), outside);
        assertThatThrownBy(() -> run(hours("2024-02-01", "2024-03-01")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("leads out");
        Files.delete(directory.resolve("data/spot/monthly/klines"));
        try (var files = Files.list(outside)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsSaid() throws IOException {
        Path file = Files.createFile(directory.resolve("data"));
        assertThatThrownBy(() -> run(hours("2024-02-01", "2024-03-01")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("Check the disk");
    }

    @Tag("faults") // a dead host is given half a minute
    @Test
    void anArchiveThatDoesNotAnswerEndsTheRunAndLeavesWhatWasFetched() {
        run(hours("2024-01-01", "2024-02-01"));
        try (ArchiveDownload download = ArchiveDownload.into(directory)
                .archiveBaseUrl("http://localhost:1")
                .clock(CLOCK)
                .parallelism(8)
                .build()) {
            assertThatThrownBy(() -> download.run(hours("2024-01-01", "2024-04-12")))
                    .isInstanceOf(dev.candlewick.Unavailable.class)
                    .hasMessageContaining("does not answer")
                    .hasMessageContaining("1 files there");
        }
        assertThat(names()).contains(MONTHS + "2024-01.zip");
    }

    @Test
    void aStoppedRunIsCompletedByTheNext() throws InterruptedException {
        venue.misbehave(
                Misbehaviour.blackHole().onKind(RequestKind.ARCHIVE_FILE).afterFirst(1));
        Thread main = Thread.currentThread();
        Thread stopping = new Thread(() -> {
            while (venue.requests().count(RequestKind.ARCHIVE_FILE) < 2) {
                Thread.onSpinWait();
            }
            main.interrupt();
        });
        stopping.start();
        assertThatThrownBy(() -> run(hours("2024-01-01", "2024-04-01"))).isInstanceOf(Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        stopping.join();
        venue.behave();
        ArchiveDownloadReport rest = run(hours("2024-01-01", "2024-04-01"));
        assertThat(rest.there() + rest.fetched()).isEqualTo(3);
        assertThat(rest.there()).isLessThan(3);
    }

    @Test
    void whatAKilledRunLeftHalfWrittenIsTidiedAway() throws IOException {
        String folder = MONTHS.substring(0, MONTHS.lastIndexOf('/') + 1);
        disk.bytes(folder + ".BTCUSDT-1h-2024-02.zip.123.part", new byte[10]);
        Files.setLastModifiedTime(
                directory.resolve(folder + ".BTCUSDT-1h-2024-02.zip.123.part"),
                FileTime.from(NOW.minus(Duration.ofDays(1))));
        run(hours("2024-02-01", "2024-03-01"));
        assertThat(disk.names()).doesNotContain(".part").contains("BTCUSDT-1h-2024-02.zip");
    }

    @Test
    void aBadFileIsFetchedAgainWhileItIsRead() {
        run(hours("2024-01-01", "2024-04-01"));
        disk.bytes(MONTHS + "2024-02.zip", new byte[100]);
        List<ArchiveFileReport> reports = new ArrayList<>();
        try (ArchiveDownload download = download();
                ArchiveDirectorySource source = ArchiveDirectorySource.builder(directory)
                        .clock(CLOCK)
                        .repairingFrom(download)
                        .onFile(reports::add)
                        .build()) {
            Reading reading = Reading.of(
                    source, "BINANCE:SPOT_PAIR:BTC-USDT/candles:1h", TimeRange.of("2024-01-01", "2024-04-01"));
            assertThat(reading.opens()).hasSize(91 * 24);
            assertThat(reading.provenance().answers().get(1).note()).contains("fetched again");
            assertThat(reports).noneMatch(ArchiveFileReport::isSetAside);
            assertThat(run(hours("2024-01-01", "2024-04-01")).there()).isEqualTo(3);
        }
    }

    @Test
    void aBadFileThatCannotBeFetchedAgainIsSetAsideWithBothReasons() {
        run(hours("2024-01-01", "2024-04-01"));
        disk.bytes(MONTHS + "2024-02.zip", new byte[100]);
        venue.misbehave(ArchiveFaults.missingFile());
        try (ArchiveDownload download = download();
                ArchiveDirectorySource source = ArchiveDirectorySource.builder(directory)
                        .clock(CLOCK)
                        .repairingFrom(download)
                        .build()) {
            Reading reading = Reading.of(
                    source, "BINANCE:SPOT_PAIR:BTC-USDT/candles:1h", TimeRange.of("2024-01-01", "2024-04-01"));
            assertThat(reading.opens()).hasSize(62 * 24);
            assertThat(reading.provenance().gaps().get(0).evidence())
                    .contains("the checksum beside", "the archive does not have it");
        }
    }

    private static ArchiveSelection hours(String start, String end) {
        return ArchiveSelection.of(Market.SPOT)
                .symbols(List.of("BTCUSDT"))
                .intervals(List.of(Interval.parse("1h")))
                .within(TimeRanges.of(TimeRange.of(start, end)));
    }

    private ArchiveDownloadReport run(ArchiveSelection selection) {
        try (ArchiveDownload download = download()) {
            return download.run(selection);
        }
    }

    private ArchiveDownload download() {
        return ArchiveDownload.into(directory)
                .fromEnvironment(venue.environment())
                .clock(CLOCK)
                .listener(told::add)
                .build();
    }

    private String names() {
        return disk.names() + "\n";
    }

    private long zipBytes() {
        return disk.names()
                .lines()
                .filter(name -> name.endsWith(".zip"))
                .collect(Collectors.summingLong(name -> disk.read(name).length));
    }
}
