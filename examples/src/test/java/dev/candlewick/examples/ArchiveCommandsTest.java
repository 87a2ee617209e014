package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloading and ingesting as two jobs that share a directory, as a user types them (S3.1 to S3.5, S3.9 to S3.11). */
class ArchiveCommandsTest {

    private static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT/candles:1h";
    private static final Instant LISTED = Instant.parse("2022-11-10T05:00:00Z");
    private static final String HOURS = " --type spot --symbols BTCUSDT --interval 1h";
    private static final String MONTHS = "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-";
    private static BinanceSimulator venue;

    @TempDir
    private Path directory;

    private Path files;
    private String store = "";

    @BeforeAll
    static void open() {
        SyntheticMarket market = SyntheticMarket.seeded(42)
                .spot("BTCUSDT", "BTC", "USDT", LISTED)
                .spot("币安人生USDT", "币安人生", "USDT", LISTED)
                .usdMargined("BTCUSDT", "BTC", "USDT", LISTED)
                .outage(Instant.parse("2023-03-24T12:40:00Z"), Instant.parse("2023-03-24T14:00:00Z"))
                .build();
        venue = BinanceSimulator.builder()
                .market(market)
                .clock(Clock.fixed(Instant.parse("2023-06-10T00:30:00Z"), ZoneOffset.UTC))
                .start();
    }

    @AfterAll
    static void shut() {
        venue.close();
    }

    @BeforeEach
    void begin() {
        venue.behave();
        venue.requests().clear();
        files = directory.resolve("download");
        store = "parquet:" + directory.resolve("store");
    }

    @Test
    void whatIsDownloadedAndIngestedIsWhatABackfillFetches() {
        Run download = download(HOURS + " --start 2023-02-01 --end 2023-05-01");
        assertThat(download.code()).as(download.err()).isEqualTo(ExitCode.DONE);
        assertThat(download.out()).contains("0 files there, 3 fetched", "0 not published, 0 failed");
        venue.requests().clear();

        Run ingest = ingest("");

        assertThat(ingest.code()).as(ingest.err()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(ingest.out())
                .contains("3 files, 2,135 rows, 0 duplicates, 1 gaps, 0 invalid, 0 errors", "venue_outage");
        assertThat(venue.requests().all()).as("ingesting asks nobody").isEmpty();
        String other = "parquet:" + directory.resolve("other");
        run("backfill --from binance:spot --to " + other + " --series " + BTC + " --start 2023-02-01 --end 2023-05-01");
        assertThat(csv(store)).isEqualTo(csv(other)).hasSizeGreaterThan(100_000);
    }

    @Test
    void asSecondRunsFindNothingToDo() {
        download(HOURS + " --start 2023-04-01 --end 2023-06-01");
        assertThat(ingest("").code()).isEqualTo(ExitCode.DONE);
        venue.requests().clear();

        assertThat(download(HOURS + " --start 2023-04-01 --end 2023-06-01").out())
                .contains("2 files there, 0 fetched (0 bytes)");
        Run ingest = ingest("");

        assertThat(ingest.code()).isEqualTo(ExitCode.DONE);
        assertThat(ingest.out()).contains("0 files, 0 rows");
        assertThat(venue.requests().count(RequestKind.ARCHIVE_FILE)).isZero();
    }

    @Test
    void aFileThatIsLeftOutForAnotherOneIsCountedAndNamedOnOneLine() throws IOException {
        download(HOURS + " --date 2023-06-01,2023-06-02");
        Path folder = files.resolve("data/spot/daily/klines/BTCUSDT/1h");
        Path second = Files.createDirectories(files.resolve("z\n\u202e/spot"));
        Files.writeString(second.resolve("BTCUSDT-1h-2023-06-01.csv"), "1,2,3");
        Files.createFile(folder.resolve("BTC\n\u202eUSDT-1h-2023-13.zip"));

        Run ingest = ingest("");

        assertThat(ingest.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(ingest.out()).contains("2 files, 48 rows, 1 duplicates, 0 gaps, 0 invalid, 0 errors");
        assertThat(ingest.err())
                .contains("Left out z\\u000a\\u202e/spot/BTCUSDT-1h-2023-06-01.csv: holds something else than data/")
                .contains("Overlooked data/spot/daily/klines/BTCUSDT/1h/BTC\\u000a\\u202eUSDT-1h-2023-13.zip")
                .doesNotContain("\u202e");
    }

    @Test
    void theDailyJobAddsTheDayAndNothingElse() throws IOException {
        download(HOURS + " --date 2023-06-01,2023-06-02,2023-06-03");
        Path second = files.resolve("data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2023-06-02.zip");
        byte[] kept = Files.readAllBytes(second);
        Files.delete(second);
        Run first = ingest("");
        assertThat(first.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(first.out()).contains("2 files, 48 rows", "1 gaps", "not_fetched");

        Files.write(second, kept);
        Run day = ingest("");

        assertThat(day.code()).isEqualTo(ExitCode.DONE);
        assertThat(day.out()).contains("1 files, 24 rows", "0 gaps");
    }

    @Test
    void aDamagedFileIsFetchedAgainProvenAndIngested() throws IOException {
        download(HOURS + " --start 2023-04-01 --end 2023-06-01");
        Path bad = files.resolve(MONTHS + "2023-05.zip");
        long whole = Files.size(bad);
        Files.write(bad, new byte[50]);

        Run ingest = ingest("");

        assertThat(ingest.code()).as(ingest.out()).isEqualTo(ExitCode.DONE);
        assertThat(ingest.out()).contains("2 files, 1,464 rows", "0 errors");
        assertThat(bad).hasSize(whole);
    }

    @Test
    void oneBadFileIsNamedAndNeverEndsTheRun() throws IOException {
        download(HOURS + " --start 2023-04-01 --end 2023-06-01");
        Files.write(files.resolve(MONTHS + "2023-04.zip"), new byte[50]);
        venue.misbehave(ArchiveFaults.missingFile());

        Run unreachable = ingest("");
        assertThat(unreachable.code()).isEqualTo(ExitCode.FAILED);
        assertThat(unreachable.out())
                .contains("744 rows", "1 errors", MONTHS + "2023-04.zip", "the archive does not have it");
        venue.behave();
        venue.requests().clear();
        Run offline = ingest(" --offline");
        assertThat(offline.code()).isEqualTo(ExitCode.FAILED);
        assertThat(venue.requests().all()).isEmpty();

        assertThat(ingest("").code()).as("as soon as it can be had").isEqualTo(ExitCode.DONE);
        assertThat(csv(store).lines()).hasSize(1 + 1_464);
    }

    @Test
    void forceWritesAgainAndNeverGivesUpRowsForADamagedFile() throws IOException {
        download(HOURS + " --start 2023-04-01 --end 2023-06-01");
        assertThat(ingest("").code()).isEqualTo(ExitCode.DONE);
        String before = csv(store);
        assertThat(ingest(" --force").out()).contains("2 files");
        Files.write(files.resolve(MONTHS + "2023-04.zip"), new byte[50]);

        Run forced = ingest(" --force --offline");

        assertThat(forced.code()).isEqualTo(ExitCode.FAILED);
        assertThat(forced.out()).contains("The stored rows stand");
        assertThat(csv(store)).isEqualTo(before);
    }

    @Test
    void aFileThatWasPublishedAnewIsIngestedAgain() {
        download(HOURS + " --start 2023-04-01 --end 2023-06-01");
        ingest("");
        String before = csv(store);
        venue.republish(MONTHS + "2023-05.zip");
        assertThat(download(HOURS + " --refresh --start 2023-04-01 --end 2023-06-01")
                        .out())
                .contains("1 files there, 1 fetched");

        Run again = ingest("");

        assertThat(again.code()).isEqualTo(ExitCode.DONE);
        assertThat(again.out()).contains("1 files, 744 rows");
        assertThat(csv(store)).isNotEqualTo(before);
    }

    @Test
    void holesOfUnchangedFilesAreNotReadAgainDayAfterDay() {
        try (var hole = venue.misbehave(ArchiveFaults.missingDay(LocalDate.parse("2023-04-10")))) {
            download(HOURS + " --skip-daily --start 2023-04-01 --end 2023-05-01");
            assertThat(hole.occurrences()).isPositive();
        }
        Run first = ingest("");
        assertThat(first.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(first.out()).contains("1 files, 696 rows", "1 gaps", "archive_hole");

        assertThat(ingestLater(Duration.ofDays(3)).out()).contains("0 files, 0 rows", "1 gaps");

        download(HOURS + " --date 2023-04-10");
        Run filled = ingestLater(Duration.ofDays(4));
        assertThat(filled.code()).as(filled.out()).isEqualTo(ExitCode.DONE);
        assertThat(filled.out()).contains("2 files", "0 gaps");
    }

    @Test
    void rowsThatCameFromElsewhereStayWhereAFileLacksThem() {
        String range = " --start 2023-04-01 --end 2023-05-01";
        try (var hole = venue.misbehave(ArchiveFaults.missingDay(LocalDate.parse("2023-04-10")))) {
            run("backfill --from binance:spot --to " + store + " --series " + BTC + range);
            String before = csv(store);
            assertThat(before.lines()).hasSize(1 + 720);
            download(HOURS + " --skip-daily" + range);
            Run forced = ingest(" --force");
            assertThat(forced.code()).isEqualTo(ExitCode.FAILED);
            assertThat(forced.out()).contains("which the store holds");
            assertThat(csv(store)).isEqualTo(before);
            assertThat(hole.occurrences()).isPositive();
        }
    }

    @Test
    void everyIntervalFindsItsWayIntoTheStore() {
        Run months = download(
                " --type spot --symbols BTCUSDT --interval 12h,1d,3d,1w,1M --start 2023-01-01 --end 2023-06-01");
        assertThat(months.out()).contains("25 fetched", "0 not published");
        assertThat(download(" --type spot --symbols BTCUSDT --interval 1s --date 2023-05-01")
                        .out())
                .contains("1 fetched");

        Run ingest = ingest("");

        assertThat(ingest.code()).as(ingest.out() + ingest.err()).isEqualTo(ExitCode.DONE);
        assertThat(ingest.out())
                .contains("26 files, " + grouped(2 * 151 + 151 + 50 + 22 + 5 + 86_400) + " rows", "0 gaps", "0 errors");
        assertThat(ingest("").out()).contains("0 files, 0 rows");
    }

    @Test
    void symbolsIntervalsMarketsAndPatternsChoose() {
        download(" --type spot --interval 1h,1d --months 2023-05");
        download(" --type um --symbols BTCUSDT --interval 1h --months 2023-05");
        assertThat(ingest(" --symbols BTC-USDT --interval 1d").out()).contains("1 files, 31 rows");
        assertThat(ingest(" --pattern data/futures/**").out()).contains("1 files, 744 rows");
        assertThat(ingest(" --symbols 币安人生USDT --pattern *-1h-*").out()).contains("1 files, 744 rows");
        Run missing = ingest(" --symbols ETHUSDT");
        assertThat(missing.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(missing.err()).contains("No file of ETHUSDT is there");
        assertThat(run("status --store " + store).out())
                .contains(
                        "BINANCE:SPOT_PAIR:币安人生-USDT/candles:1h", "BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN/candles:1h");
    }

    @Test
    void seedsOwnLayoutWithoutAMarketIsIngestedWhenItIsNamed() throws IOException {
        download(" --type um --symbols BTCUSDT --interval 1h --date 2023-05-01");
        Path own = files.resolve("futures/1h/BTCUSDT");
        Files.createDirectories(own);
        Files.move(
                files.resolve("data/futures/um/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2023-05-01.zip"),
                own.resolve("BTCUSDT-1h-2023-05-01.zip"));
        assertThat(ingest("").err()).contains("no folder named spot, um or cm");
        assertThat(ingest(" --type futures").out()).contains("1 files, 24 rows");
        assertThat(run("plan --from archive:" + files + "?market=um --to parquet:" + directory.resolve("fresh")
                                + " --series BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN/candles:1h"
                                + " --start 2023-05-01 --end 2023-05-02")
                        .out())
                .contains("1 directory-daily");
    }

    @Test
    void theDirectoryMayComeFromTheEnvironment() {
        Map<String, String> environment = new HashMap<>(venue.environment());
        environment.put("STORE_DIRECTORY", files.toString());
        Run run = Run.of(environment, ("download" + HOURS + " --years 2023 --months 5").split(" "));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(files.resolve(MONTHS + "2023-05.zip")).exists();
    }

    @Test
    void ticksAreNotIngestedAndTheCommandThatReadsThemIsNamed() {
        download(" --type spot --symbols BTCUSDT --interval 1h --months 2023-05");
        Run run = run(
                "ingest-from-dir --source " + files + " --to " + store + " --series BINANCE:SPOT_PAIR:BTC-USDT/trades");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("BTC-USDT/trades is none", "backfill --from archive:" + files);
    }

    @Test
    void wrongUsageIsSaidBeforeAnythingIsAsked() {
        for (String words : List.of(
                " --type options",
                " --type um --interval 1s",
                " --type spot --interval 7m",
                " --type spot --date 2023-02-30",
                " --type spot --months 13",
                " --type spot --years last",
                " --type spot --skip-monthly --skip-daily",
                " --type spot --symbols ../x",
                " --type spot --parallelism 99")) {
            assertThat(download(words).code()).as(words).isEqualTo(ExitCode.USAGE);
        }
        assertThat(run("download --type spot").err()).contains("--dir", "STORE_DIRECTORY");
        assertThat(run("ingest-from-dir --source " + files + " --to " + store).code())
                .isEqualTo(ExitCode.FAILED);
        assertThat(run("ingest-from-dir --source " + files + " --to " + store).err())
                .contains("There is no archive at", "candlewick download");
        assertThat(venue.requests().all()).isEmpty();
        assertThat(files).doesNotExist();
    }

    @Test
    void aSymbolOfWhichNothingIsPublishedEndsWithThree() {
        Run run = download(" --type spot --symbols BTCUSDC --interval 1h --months 2023-05");
        assertThat(run.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(run.out()).contains("nothing is published of BTCUSDC");
    }

    @Test
    void aKilledDownloadIsCompletedByTheNext() throws Exception {
        venue.misbehave(Misbehaviour.dribble(200, Duration.ofMillis(20)).onKind(RequestKind.ARCHIVE_FILE));
        String line = "download" + HOURS + " --start 2022-12-01 --end 2023-06-01 --dir " + files;
        try (ChildProcess child = ChildProcess.start(venue.environment(), List.of(), List.of(), line)) {
            while (venue.requests().count(RequestKind.ARCHIVE_FILE) == 0) {
                Thread.onSpinWait();
            }
            assertThat(child.killAfter(Duration.ofMillis(300))).isTrue();
        }
        venue.behave();
        Run rest = download(HOURS + " --start 2022-12-01 --end 2023-06-01");
        assertThat(rest.code()).as(rest.err()).isEqualTo(ExitCode.DONE);
        assertThat(ingest("").out()).contains("6 files", "0 errors");
        try (Stream<Path> all = Files.walk(files)) {
            assertThat(all.map(Path::toString).filter(name -> name.endsWith(".zip")))
                    .hasSize(6);
        }
    }

    @Test
    void jobsThatRunSideBySideDoNotHurtEachOther() throws Exception {
        String range = HOURS + " --skip-monthly --start 2023-04-01 --end 2023-06-01";
        Files.createDirectories(files);
        ExecutorService jobs = Executors.newFixedThreadPool(4);
        try {
            List<Future<Run>> runs = List.of(
                    jobs.submit(() -> download(range)),
                    jobs.submit(() -> download(range + " --refresh")),
                    jobs.submit(() -> ingest("")),
                    jobs.submit(() -> download(range)));
            for (Future<Run> run : runs) {
                assertThat(run.get().code()).as(run.get().err()).isNotEqualTo(ExitCode.FAILED);
            }
        } finally {
            jobs.shutdownNow();
        }
        Run last = ingest("");
        assertThat(last.code()).as(last.out()).isEqualTo(ExitCode.DONE);
        assertThat(csv(store).lines()).hasSize(1 + 1_464);
        assertThat(run("verify --store " + store).code()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void filesWhoseNamesTheLocaleCannotHoldAreSaidAndNotMistaken() throws Exception {
        download(" --type spot --symbols 币安人生USDT --interval 1h --date 2023-05-01,2023-05-02");
        Map<String, String> plain = new HashMap<>(venue.environment());
        plain.put("LC_ALL", "C");
        try (ChildProcess child = ChildProcess.start(
                plain, List.of(), List.of(), "ingest-from-dir --source " + files + " --to " + store)) {
            assertThat(child.end()).as(child.output()).isEqualTo(ExitCode.DONE_WITH_GAPS.status());
            assertThat(child.output()).contains("cannot be read here", "LC_ALL=C.UTF-8");
        }
        assertThat(ingest("").out()).contains("2 files, 48 rows");
    }

    @Test
    void aFullDiskIsSaidAndTheSameCommandGoesOn() throws Exception {
        Files.createDirectories(files);
        assumeThat(shell("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", files.toString()))
                .as("may mount a file system")
                .isZero();
        try {
            Run full = download(" --type spot --symbols BTCUSDT --interval 5m --start 2023-01-01 --end 2023-06-01");
            assertThat(full.code()).isEqualTo(ExitCode.FAILED);
            assertThat(full.err()).contains("Check the disk's space", files.toString());
            assertThat(shell("mount", "-o", "remount,size=16m", files.toString()))
                    .isZero();
            Run rest = download(" --type spot --symbols BTCUSDT --interval 5m --start 2023-01-01 --end 2023-06-01");
            assertThat(rest.code()).as(rest.err()).isEqualTo(ExitCode.DONE);
        } finally {
            shell("umount", files.toString());
        }
    }

    private Run download(String words) {
        return run("download" + words + " --dir " + files);
    }

    private Run ingest(String words) {
        return run("ingest-from-dir --source " + files + " --to " + store + words);
    }

    private Run ingestLater(Duration later) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                venue.environment(),
                Clock.offset(Clock.systemUTC(), later),
                Terminal.none());
        ExitCode code = CommandLine.standard()
                .run(List.of("ingest-from-dir", "--source", files.toString(), "--to", store), console);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String csv(String from) {
        return run("read --format csv --store " + from + " --series " + BTC + " --start 2023-01-01 --end 2023-06-10")
                .out();
    }

    private static Run run(String line) {
        return Run.of(venue.environment(), line.split(" "));
    }

    private static String grouped(long number) {
        return String.format(java.util.Locale.ROOT, "%,d", number);
    }

    private static int shell(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(words)).inheritIO().start().waitFor();
    }
}
