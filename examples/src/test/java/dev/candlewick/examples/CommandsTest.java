package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.MarketType;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.PublishedCandle;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command as a user types it, against the simulated venue and a store on disk (S0.4, S0.11, S0.31, R13, R14, N1). */
class CommandsTest {

    private static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT/candles:1h";
    private static final String UNICODE = "BINANCE:SPOT_PAIR:币安人生-USDT/candles:1h";
    private static final Instant LISTED = Instant.parse("2023-01-01T00:00:00Z");
    private static BinanceSimulator venue;

    @TempDir
    private Path directory;

    private String store = "";

    @BeforeAll
    static void open() {
        SyntheticMarket market = SyntheticMarket.seeded(42)
                .spot("BTCUSDT", "BTC", "USDT", LISTED)
                .spot("币安人生USDT", "币安人生", "USDT", LISTED)
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
        store = "parquet:" + directory.resolve("store");
    }

    @Test
    void aPlanPrintsWhatItTakesAndAsksNobody() throws IOException {
        Run plan = data("plan --from binance:spot --to", BTC, "2023-02-01", "2023-04-01");

        assertThat(plan.code()).isEqualTo(ExitCode.DONE);
        assertThat(plan.out()).contains("2 units", "2023-02", "2023-03", "requests");
        assertThat(venue.requests().all()).isEmpty();
        assertThat(directory.resolve("store")).doesNotExist();
    }

    @Test
    void whatIsReadIsWhatTheVenuePublished() {
        assertThat(backfill(BTC, "2023-02-01", "2023-03-01").code()).isEqualTo(ExitCode.DONE);

        Run read = data("read --format csv --store", BTC, "2023-02-01", "2023-03-01");

        assertThat(read.code()).isEqualTo(ExitCode.DONE);
        assertThat(read.err()).isEmpty();
        List<String> expected = new ArrayList<>();
        expected.add("open_time,open,high,low,close,volume,close_time,quote_volume,trades,taker_buy_volume,"
                + "taker_buy_quote_volume");
        published("BTCUSDT", "2023-02-01", "2023-03-01").forEach(candle -> expected.add(csv(candle)));
        assertThat(read.lines()).isEqualTo(expected);
        assertThat(read.out()).endsWith("\n").doesNotContain("\r");
    }

    @Test
    void aBackfillWhoseOnlyHoleIsProvenEndsWithThreeAndSaysSo() {
        Run backfill = backfill(BTC, "2023-03-01", "2023-04-01");

        assertThat(backfill.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(backfill.out())
                .contains("Complete with 1 gap", "2023-03-24T13:00:00Z/2023-03-24T14:00:00Z venue_outage");
        assertThat(backfill.err()).contains("each is proven", "committed " + BTC + " 2023-03");

        Run gaps = data("gaps --format json --store", BTC, "2023-03-01", "2023-04-01");
        assertThat(gaps.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(gaps.out())
                .startsWith("[\n{\"start\":\"2023-03-24T13:00:00Z\",\"end\":\"2023-03-24T14:00:00Z\","
                        + "\"reason\":\"venue_outage\",\"evidence\":\"")
                .endsWith("\"}\n]\n");
        assertThat(data("gaps --store", BTC, "2023-03-01", "2023-04-01").out()).contains("1 gap: 1 venue_outage");
    }

    @Test
    void aSecondBackfillMakesNoRequest() {
        backfill(BTC, "2023-03-01", "2023-04-01");
        venue.requests().clear();

        Run again = backfill(BTC, "2023-03-01", "2023-04-01");

        assertThat(again.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(again.out()).contains("0 rows added");
        assertThat(venue.requests().all()).isEmpty();
    }

    @Test
    void refreshFetchesWhatWasPublishedAnewAndNothingElse() {
        backfill(BTC, "2023-02-01", "2023-04-01");
        String key = "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2023-02.zip";
        venue.republish(key);
        venue.requests().clear();

        Run refreshed = run("backfill --refresh --from binance:spot --to " + store + " --series " + BTC
                + " --start 2023-02-01 --end 2023-04-01");

        assertThat(refreshed.err()).contains("Upstream changed", "2023-02");
        assertThat(venue.requests().of(RequestKind.ARCHIVE_FILE))
                .allSatisfy(request -> assertThat(request.path()).contains("2023-02"));
        assertThat(data("read --format csv --store", BTC, "2023-02-01", "2023-03-01").lines().stream()
                        .skip(1))
                .containsExactlyElementsOf(venue.archivedCandles(key).stream()
                        .map(CommandsTest::csv)
                        .toList());
    }

    @Test
    void theEdgeThatIsNotPublishedYetIsAGap() {
        SyntheticMarket market =
                SyntheticMarket.seeded(1).spot("BTCUSDT", "BTC", "USDT", LISTED).build();
        try (BinanceSimulator today = BinanceSimulator.builder().market(market).start()) {
            Instant midnight = today.now().truncatedTo(ChronoUnit.DAYS);
            String line = range(
                    "backfill --from binance:spot --to " + store,
                    BTC,
                    midnight.minus(1, ChronoUnit.DAYS).toString(),
                    midnight.plus(2, ChronoUnit.DAYS).toString());

            Run backfill = Run.of(today.environment(), line.split(" "));

            assertThat(backfill.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
            assertThat(backfill.out()).contains("/" + midnight.plus(2, ChronoUnit.DAYS) + " not_yet_published");
            assertThat(backfill.err()).contains("not published yet");
        }
    }

    @Test
    void aFailedUnitIsReportedAndTheOthersAreKept() {
        venue.misbehave(Misbehaviour.errorBody(400, -1100, "Illegal characters").onKind(RequestKind.KLINES));
        venue.misbehave(ArchiveFaults.corruptZip().onPath("2023-02"));

        Run backfill = backfill(BTC, "2023-01-01", "2023-03-01");

        assertThat(backfill.code()).isEqualTo(ExitCode.FAILED);
        assertThat(backfill.out()).contains("Failed in 1 of 2 units", "failed " + BTC + " 2023-02");
        assertThat(data("gaps --store", BTC, "2023-01-01", "2023-02-01").code()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void datesAreMidnightsOfTheZone() {
        backfill(BTC, "2023-03-01", "2023-04-01");

        List<String> day = run("read --format csv --zone Europe/Zurich --store " + store + " --series " + BTC
                        + " --start 2023-03-26 --end 2023-03-27")
                .lines();
        List<String> fixed = run("read --format csv --zone +02:00 --store " + store + " --series " + BTC
                        + " --start 2023-03-26 --end 2023-03-27")
                .lines();

        assertThat(day).hasSize(24).element(1).asString().startsWith("2023-03-25T23:00:00Z,");
        assertThat(fixed).hasSize(25).element(1).asString().startsWith("2023-03-25T22:00:00Z,");
    }

    @Test
    void largerCandlesAreBuiltFromTheStoredOnes() {
        backfill(BTC, "2023-02-01", "2023-03-01");

        List<String> daily = run("read --format csv --interval 1d --store " + store + " --series " + BTC
                        + " --start 2023-02-01 --end 2023-03-01")
                .lines();

        List<PublishedCandle> first = published("BTCUSDT", "2023-02-01", "2023-02-02");
        BigDecimal volume = first.stream().map(PublishedCandle::volume).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(daily).hasSize(29);
        assertThat(daily.get(1).split(","))
                .startsWith("2023-02-01T00:00:00Z", plain(first.get(0).open()))
                .contains(plain(first.get(23).close()), plain(volume));
    }

    @Test
    void filledRowsAreMarkedAndOnlyThere() {
        backfill(BTC, "2023-03-01", "2023-04-01");
        String hours =
                " --store " + store + " --series " + BTC + " --start 2023-03-24T12:00:00Z --end 2023-03-24T15:00:00Z";

        Run filled = run("read --fill --format csv" + hours);
        Run plain = run("read --format csv" + hours);

        assertThat(filled.lines()).hasSize(4);
        assertThat(filled.lines().get(0)).endsWith(",filled");
        assertThat(filled.lines().get(1)).endsWith(",false");
        assertThat(filled.lines().get(2)).startsWith("2023-03-24T13:00:00Z,").endsWith(",true");
        assertThat(plain.lines()).hasSize(3);
        assertThat(plain.err()).contains(BTC + " has 1 gap in this range (1 venue_outage)");
        assertThat(filled.err()).as("filling proves nothing").isEqualTo(plain.err());
    }

    @Test
    void jsonKeepsDecimalsAsText() {
        backfill(BTC, "2023-02-01", "2023-02-02");

        Run read = run("read --format json --store " + store + " --series " + BTC
                + " --start 2023-02-01 --end 2023-02-01T01:00:00Z");

        PublishedCandle candle =
                published("BTCUSDT", "2023-02-01", "2023-02-02").get(0);
        assertThat(read.out())
                .startsWith("[\n{\"open_time\":\"2023-02-01T00:00:00Z\",\"open\":\"" + plain(candle.open()) + "\"")
                .contains("\"trades\":" + candle.trades() + ",")
                .endsWith("}\n]\n");
        assertThat(run("read --format json --store " + store + " --series " + BTC
                                + " --start 2023-02-01T00:01:00Z --end 2023-02-01T00:02:00Z")
                        .out())
                .isEqualTo("[]\n");
    }

    @Test
    void theTableShowsBothEndsAndTheCount() {
        backfill(BTC, "2023-02-01", "2023-03-01");

        Run table = data("read --store", BTC, "2023-02-01", "2023-03-01");

        assertThat(table.lines()).hasSizeLessThan(50);
        assertThat(table.out()).contains("open_time", "2023-02-01T00:00:00Z", "2023-02-28T23:00:00Z", "672 rows");
    }

    @Test
    void aSymbolOfAnyLettersGoesThroughEveryCommand() {
        assertThat(backfill(UNICODE, "2023-02-01", "2023-03-01").code()).isEqualTo(ExitCode.DONE);
        assertThat(run("verify --store " + store).code()).isEqualTo(ExitCode.DONE);
        assertThat(run("status --store " + store).out()).contains(UNICODE, "672");
        assertThat(data("gaps --store", UNICODE, "2023-02-01", "2023-03-01").out())
                .isEqualTo("No gaps.\n");

        Run read = data("read --format csv --store", UNICODE, "2023-02-01", "2023-03-01");
        assertThat(read.lines().stream().skip(1))
                .containsExactlyElementsOf(published("币安人生USDT", "2023-02-01", "2023-03-01").stream()
                        .map(CommandsTest::csv)
                        .toList());
    }

    @Test
    void severalSeriesAreNamedInTheirRows() {
        String both = " --series " + BTC + " " + UNICODE;
        run("backfill --from binance:spot --to " + store + both + " --start 2023-02-01 --end 2023-02-02");

        Run read = run("read --format csv --store " + store + both + " --start 2023-02-01 --end 2023-02-01T02:00:00Z");

        assertThat(read.lines()).hasSize(5);
        assertThat(read.lines().get(0)).startsWith("series,open_time,");
        assertThat(read.lines().get(1)).startsWith(BTC + ",2023-02-01T00:00:00Z,");
        assertThat(read.lines().get(4)).startsWith(UNICODE + ",2023-02-01T01:00:00Z,");
    }

    @Test
    void aCopyHoldsTheSameAndASecondOneReadsNothing() {
        backfill(BTC, "2023-02-01", "2023-04-01");
        backfill(UNICODE, "2023-02-01", "2023-03-01");
        String other = "parquet:" + directory.resolve("other");

        Run copy = run("copy --from " + store + " --to " + other + " --all");
        Run again = run("copy --from " + store + " --to " + other + " --all");

        assertThat(copy.code()).as(copy.err()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(copy.out()).contains("2,087 rows in 3 units", "venue_outage");
        assertThat(copy.err()).contains("Copying 3 units", "committed " + BTC + " 2023-02");
        assertThat(again.out()).contains("0 rows in 0 units, 3 equal already");
        assertThat(data("read --format csv --store", BTC, "2023-02-01", "2023-04-01")
                        .out())
                .isEqualTo(run(range("read --format csv --store " + other, BTC, "2023-02-01", "2023-04-01"))
                        .out());
        for (String quick : List.of("", " --quick")) {
            Run compare = run("compare --left " + store + " --right " + other + " --all" + quick);
            assertThat(compare.code()).as(compare.err()).isEqualTo(ExitCode.DONE);
            assertThat(compare.out()).contains(BTC + ": equal, ", "2 of 2 series equal");
        }
    }

    @Test
    void aDifferenceIsShownWithBothValuesAndEndsWithThree() {
        backfill(BTC, "2023-02-01", "2023-03-01");
        String other = "parquet:" + directory.resolve("other");
        run("copy --from " + store + " --to " + other + " --series " + BTC + " --start 2023-02-01 --end 2023-02-20");

        Run compare = run("compare --show 2 --left " + store + " --right " + other + " --series " + BTC);
        Run quick = run("compare --quick --left " + store + " --right " + other + " --series " + BTC);

        assertThat(compare.code()).as(compare.err()).isEqualTo(ExitCode.DIFFERENT);
        assertThat(compare.code().status()).isEqualTo(3);
        assertThat(compare.out())
                .contains(
                        "DIFFERENT, 456 rows equal, 0 differing, 216 only left, 0 only right",
                        "open_time 2023-02-20T00:00:00Z only left: 2023-02-20T00:00:00Z, ",
                        "… and 214 differences more",
                        "gap only right: 2023-02-20T00:00:00Z/2023-03-01T00:00:00Z not_fetched",
                        "0 of 1 series equal, 1 different");
        assertThat(quick.code()).isEqualTo(ExitCode.DIFFERENT);
        assertThat(quick.out()).contains("2023-02: 672 rows, hash ");
    }

    @Test
    void whatIsStoredIsComparedWithTheVenue() {
        backfill(BTC, "2023-03-01", "2023-04-01");

        Run compare = run(range("compare --left binance:spot --right " + store, BTC, "2023-03-20", "2023-03-28"));

        assertThat(compare.out()).contains("1 of 1 series equal");
        assertThat(compare.code()).isEqualTo(ExitCode.DONE);
        assertThat(run("compare --left binance:spot --right " + store + " --series " + BTC)
                        .code())
                .as("a venue has no beginning")
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("compare --quick --left binance:spot --right " + store + " --all")
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void copyAndCompareNeedToKnowWhich() {
        backfill(BTC, "2023-02-01", "2023-02-02");

        assertThat(run("copy --from " + store + " --to parquet:" + directory.resolve("other")))
                .satisfies(run -> assertThat(run.code()).isEqualTo(ExitCode.USAGE))
                .satisfies(run -> assertThat(run.err()).contains("--series SERIES... or --all"));
        assertThat(run("copy --all --from " + store + " --to " + store).code()).isEqualTo(ExitCode.USAGE);
        assertThat(run("copy --all --from parquet:" + directory.resolve("none") + " --to " + store)
                        .code())
                .isEqualTo(ExitCode.FAILED);
        assertThat(run("compare --left " + store + " --right " + store + " --series " + UNICODE)
                        .err())
                .contains("holds nothing of " + UNICODE);
    }

    @Test
    void aDamagedSideEndsWithOneAndTheOtherSeriesAreCompared() throws IOException {
        backfill(BTC, "2023-02-01", "2023-03-01");
        String other = "parquet:" + directory.resolve("other");
        run("copy --from " + store + " --to " + other + " --all");
        Path file = onlyDataFile();
        backfill(UNICODE, "2023-02-01", "2023-03-01");
        run("copy --from " + store + " --to " + other + " --all");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        Run compare = run("compare --left " + store + " --right " + other + " --all");

        assertThat(compare.code()).as(compare.out()).isEqualTo(ExitCode.FAILED);
        assertThat(compare.out()).contains(UNICODE + ": equal", "1 of 2 series equal, 1 could not be compared");
        assertThat(compare.err()).contains(BTC, "parquet");
    }

    @Test
    void theLatestRowOfEverySeriesIsPrinted() {
        backfill(BTC, "2023-02-01", "2023-03-01");
        backfill(UNICODE, "2023-02-01", "2023-02-02");

        Run latest = run("latest --format csv --store " + store);
        Run one = run("latest --format csv --store " + store + " --series " + BTC);

        assertThat(latest.lines()).hasSize(3);
        assertThat(latest.lines().get(0)).startsWith("series,open_time,");
        assertThat(latest.lines().get(1)).startsWith(BTC + ",2023-02-28T23:00:00Z,");
        assertThat(latest.lines().get(2)).startsWith(UNICODE + ",2023-02-01T23:00:00Z,");
        assertThat(one.lines().get(1)).startsWith("2023-02-28T23:00:00Z,");
    }

    @Test
    void seriesAreMergedByTimeAndCutAtALimit() {
        String both = " --series " + UNICODE + " " + BTC;
        run("backfill --from binance:spot --to " + store + both + " --start 2023-02-01 --end 2023-02-02");

        Run read = run("read --format csv --order time --limit 5 --store " + store + both
                + " --start 2023-02-01 --end 2023-02-02");

        assertThat(read.lines()).hasSize(6);
        assertThat(read.lines().get(1)).startsWith(UNICODE + ",2023-02-01T00:00:00Z,");
        assertThat(read.lines().get(2)).startsWith(BTC + ",2023-02-01T00:00:00Z,");
        assertThat(read.lines().get(5)).startsWith(UNICODE + ",2023-02-01T02:00:00Z,");
        assertThat(read.err()).contains("more rows than these 5");
        Run whole = run("read --format csv --limit 24 --store " + store + " --series " + BTC
                + " --start 2023-02-01 --end 2023-02-02");
        assertThat(whole.err()).isEmpty();
        assertThat(run("read --limit 0 --store " + store + both + " --start 2023-02-01 --end 2023-02-02")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("read --order price --store " + store + both + " --start 2023-02-01 --end 2023-02-02")
                        .err())
                .contains("expected series or time");
    }

    @Test
    void aFileAppearsWholeOrNotAtAll() throws IOException {
        backfill(BTC, "2023-02-01", "2023-03-01");
        Path file = directory.resolve("out.csv");
        Files.writeString(file, "old");

        Run failed = run("read --format csv --out " + file + " --store " + store + " --series " + UNICODE
                + " --start 2023-02-01 --end 2023-03-01");
        assertThat(failed.code()).isEqualTo(ExitCode.FAILED);
        assertThat(file).hasContent("old");

        Run read = run("read --format csv --out " + file + " --store " + store + " --series " + BTC
                + " --start 2023-02-01 --end 2023-03-01");
        assertThat(read.code()).isEqualTo(ExitCode.DONE);
        assertThat(read.out()).isEmpty();
        assertThat(Files.readString(file))
                .isEqualTo(data("read --format csv --store", BTC, "2023-02-01", "2023-03-01")
                        .out());
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactlyInAnyOrder(file, directory.resolve("store"));
        }
    }

    @Test
    void combineWritesOneFileAndLeavesTheStoreAlone() {
        backfill(BTC, "2023-02-01", "2023-04-01");
        Path file = directory.resolve("all.parquet");

        Run combine = run("combine --store " + store + " --out " + file);
        Run again = run("combine --store " + store + " --out " + file);

        assertThat(combine.code()).isEqualTo(ExitCode.DONE);
        assertThat(combine.out()).contains("1415 rows");
        assertThat(again.out()).contains("unchanged");
        assertThat(run("verify --store " + store).code()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void damageIsNamedAndHealedByRepairAndBackfill() throws IOException {
        backfill(BTC, "2023-02-01", "2023-03-01");
        String before = data("read --format csv --store", BTC, "2023-02-01", "2023-03-01")
                .out();
        Path file = onlyDataFile();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        Run verify = run("verify --store " + store);
        assertThat(verify.code()).isEqualTo(ExitCode.FAILED);
        assertThat(verify.out()).contains("FILE_DAMAGED", file.getFileName().toString());
        assertThat(verify.err()).contains("--repair");

        assertThat(run("verify --repair --store " + store).err()).contains("Dropped");
        assertThat(backfill(BTC, "2023-02-01", "2023-03-01").code()).isEqualTo(ExitCode.DONE);
        assertThat(run("verify --store " + store).code()).isEqualTo(ExitCode.DONE);
        assertThat(data("read --format csv --store", BTC, "2023-02-01", "2023-03-01")
                        .out())
                .isEqualTo(before);
    }

    @Test
    void whatCannotBeMeantEndsWithTwoAndAHint() {
        assertUsage("raed", "did you mean 'read'?");
        assertUsage("READ", "did you mean 'read'?");
        assertUsage("read --STORE x", "did you mean --store?");
        assertUsage(
                range("read --store " + store, BTC + ":filled", "2023-01-01", "2023-01-02"), "use --fill with " + BTC);
        assertUsage("read --stroe x", "did you mean --store?");
        assertUsage("read", "needs --store STORE");
        assertUsage(range("read --store " + store, "nonsense", "2023-01-01", "2023-01-02"), "is not a series");
        assertUsage(range("read --store " + store, BTC, "2023-01-02", "2023-01-01"), "start before its end");
        assertUsage(range("read --store " + store, BTC, "yesterday", "2023-01-01"), "is not a date");
        assertUsage(range("read --store nowhere", BTC, "2023-01-01", "2023-01-02"), "parquet:DIR");
        assertUsage(range("read --format xml --store " + store, BTC, "2023-01-01", "2023-01-02"), "table, csv, json");
        assertUsage(range("read --interval 90m --store " + store, BTC, "2023-01-01", "2023-01-02"), "90m");
        assertUsage(range("read --interval 30m --store " + store, BTC, "2023-01-01", "2023-01-02"), "Choose one of");
        assertUsage(range("read --zone Mars --store " + store, BTC, "2023-01-01", "2023-01-02"), "not a time zone");
        String backfill = "backfill --from binance:spot --to " + store;
        assertUsage(range(backfill + " --parallelism no", BTC, "2023-01-01", "2023-01-02"), "whole number");
        assertUsage(range(backfill + " --parallelism 0", BTC, "2023-01-01", "2023-01-02"), "Parallelism");
        assertUsage(
                range("backfill --from binance:moon --to " + store, BTC, "2023-01-01", "2023-01-02"), "spot, um, cm");
    }

    @Test
    void anUnknownSymbolIsAnErrorThatNamesNearOnes() {
        Run backfill = backfill("BINANCE:SPOT_PAIR:BTC-USDX/candles:1h", "2023-02-01", "2023-03-01");

        assertThat(backfill.code()).isEqualTo(ExitCode.FAILED);
        assertThat(backfill.out() + backfill.err()).contains("Near matches: BTCUSDT");
    }

    @Test
    void readingASeriesThatWasNeverFetchedSaysWhatIsThere() {
        backfill(BTC, "2023-02-01", "2023-03-01");

        Run read = data("read --format csv --store", UNICODE, "2023-02-01", "2023-03-01");

        assertThat(read.code()).isEqualTo(ExitCode.FAILED);
        assertThat(read.out()).isEmpty();
        assertThat(read.err()).contains("holds nothing of " + UNICODE, BTC).doesNotContain("\tat ");
    }

    @Test
    void nothingIsFoundSoundOrWholeWhereThereIsNoStore() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path file = Files.writeString(directory.resolve("file"), "x");
        for (Path there : List.of(directory.resolve("nowhere"), empty, file)) {
            String at = " --store parquet:" + there;
            for (String line : List.of(
                    "verify" + at,
                    "status" + at,
                    "combine" + at,
                    range("gaps" + at, BTC, "2023-01-01", "2023-01-02"),
                    range("read" + at, BTC, "2023-01-01", "2023-01-02"),
                    range("plan --to " + store + " --from parquet:" + there, BTC, "2023-01-01", "2023-01-02"),
                    range("backfill --to " + store + " --from parquet:" + there, BTC, "2023-01-01", "2023-01-02"))) {
                Run run = run(line);
                assertThat(run.code()).as(line).isEqualTo(ExitCode.FAILED);
                assertThat(run.out()).as(line).isEmpty();
                assertThat(run.err()).as(line).contains("There is no store at " + there);
            }
        }
        assertThat(empty).isEmptyDirectory();
        assertThat(directory.resolve("store")).doesNotExist();
    }

    @Test
    void aRangeThatNobodyCanMeanIsRefusedBeforeAnythingIsTouched() {
        String seconds = "BINANCE:SPOT_PAIR:BTC-USDT/candles:1s";
        for (String line : List.of(
                "plan --from binance:spot --to " + store,
                "backfill --from binance:spot --to " + store,
                "copy --from " + store + " --to " + store + "2",
                "read --store " + store,
                "gaps --store " + store)) {
            Run run = run(range(line, seconds, "1700-01-01", "2024-01-01"));
            assertThat(run.code()).as(line).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).as(line).contains("118,338 units of a day", "shorter range");
        }
        assertThat(venue.requests().all()).isEmpty();
        assertThat(directory.resolve("store")).doesNotExist();
        assertThat(run(range("plan --from binance:spot --to " + store, BTC, "1000-01-01", "2024-01-01"))
                        .code())
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    void aSeriesThatTheStoreDoesNotHoldIsAnErrorThatNamesNearOnes() {
        backfill(BTC, "2023-02-01", "2023-03-01");
        String at = " --store " + store;
        for (String line : List.of(
                "verify" + at + " --series " + UNICODE,
                "status" + at + " --series " + UNICODE,
                "combine" + at + " --series " + UNICODE + " --out " + directory.resolve("x.parquet"),
                range("gaps" + at, UNICODE, "2023-01-01", "2023-01-02"))) {
            Run run = run(line);
            assertThat(run.code()).as(line).isEqualTo(ExitCode.FAILED);
            assertThat(run.err()).as(line).contains("holds nothing of " + UNICODE, "it holds " + BTC);
        }
        assertThat(directory.resolve("x.parquet")).doesNotExist();
        assertThat(run("verify" + at + " --series BINANCE:SPOT_PAIR:btc-usdt/candles:1h")
                        .err())
                .contains("did you mean " + BTC + "?");
    }

    @Test
    void daysThatAreStoredAreNotCutAtOtherMidnights() {
        String days = "BINANCE:SPOT_PAIR:BTC-USDT/candles:1d";
        backfill(days, "2023-02-01", "2023-03-01");

        assertUsage(
                range("read --interval 1d --zone Europe/Zurich --store " + store, days, "2023-02-01", "2023-03-01"),
                "candles:1m");
        assertUsage(
                range("read --interval 1w --zone +05:00 --store " + store, days, "2023-02-01", "2023-03-01"),
                "whose days are those of");
        Run weeks = data("read --format csv --interval 1w --store", days, "2023-02-06", "2023-02-27");
        assertThat(weeks.lines()).hasSize(4);
    }

    @Test
    void theNoteCountsTheGapsOfWhatIsPrinted() {
        backfill(BTC, "2023-03-01", "2023-04-01");

        Run daily = run("read --format csv --interval 1d --store " + store + " --series " + BTC
                + " --start 2023-03-01 --end 2023-04-03");
        assertThat(daily.err()).contains("BTC-USDT/candles:1d has 1 gap");

        Run whole = run("read --format csv --interval 1d --store " + store + " --series " + BTC
                + " --start 2023-03-01 --end 2023-04-01");
        assertThat(whole.err())
                .as("a day that lacks only what the venue lacked is whole")
                .isEmpty();
    }

    @Test
    void filledDaysOfAZoneAreRead() {
        backfill(BTC, "2023-03-01", "2023-04-01");

        Run days = run("read --fill --format csv --interval 1d --zone Europe/Zurich --store " + store + " --series "
                + BTC + " --start 2023-03-10 --end 2023-03-20");

        assertThat(days.code()).as(days.err()).isEqualTo(ExitCode.DONE);
        assertThat(days.lines()).hasSize(11);
        assertThat(days.lines().get(1)).startsWith("2023-03-09T23:00:00Z,").endsWith(",false");
    }

    @Test
    void seriesMayBeJoinedByCommas() {
        run("backfill --from binance:spot --to " + store + " --series " + BTC + "," + UNICODE
                + " --start 2023-02-01 --end 2023-02-02");

        assertThat(run("status --store " + store).out()).contains(BTC, UNICODE);
    }

    @Test
    void aPlanOfTheFutureSaysThatItIsStillToCome() {
        assertThat(data("plan --from binance:spot --to", BTC, "2999-01-01", "2999-02-01")
                        .err())
                .contains("nothing of it is published yet");
    }

    @Test
    void theVersionIsTheProjects() {
        assertThat(run("--version").out()).matches("candlewick \\d+\\.\\d+\\S* on Java \\d+.*\n");
    }

    @Test
    @Tag("slow") // a host that nobody reaches is given half a minute
    void noNetworkIsOneClearMessage() {
        Map<String, String> nowhere = new HashMap<>();
        venue.environment().keySet().forEach(name -> nowhere.put(name, "http://127.0.0.1:1"));

        Run backfill = Run.of(
                nowhere,
                range("backfill --from binance:spot --to " + store, BTC, "2023-02-01", "2023-02-02")
                        .split(" "));

        assertThat(backfill.code()).isEqualTo(ExitCode.FAILED);
        assertThat(backfill.out()).contains("127.0.0.1:1");
        assertThat(backfill.out() + backfill.err()).doesNotContain("\tat ");
    }

    @Test
    void aDryRunReadsNothingAndSaysWhatItWouldCost() {
        backfill(BTC, "2023-02-01", "2023-03-01");

        Run dry = data("read --dry-run --store", BTC, "2023-02-01", "2023-02-03");

        assertThat(dry.code()).isEqualTo(ExitCode.DONE);
        assertThat(dry.out())
                .startsWith(BTC + " over 2023-02-01")
                .contains("rows")
                .hasLineCount(1);
        assertThat(dry.err()).isEmpty();
    }

    @Test
    void aStorageCheckTakesOneStore() {
        assertUsage("storage-check", "needs STORE");
        assertUsage("storage-check parquet:a parquet:b", "'parquet:…' is not expected");
        assertUsage("storage-check parquet:a --store parquet:b", "given twice");
        assertUsage("storage-check nonsense", "is no store known here");
        assertThat(run("storage-check --help").out()).contains("Usage: candlewick storage-check STORE [--keep]");
    }

    @Test
    void helpIsThereWithoutArgumentsAndForEveryCommand() {
        Run help = Run.of(Map.of());
        assertThat(help.code()).isEqualTo(ExitCode.DONE);
        for (String command : List.of(
                "demo",
                "plan",
                "backfill",
                "gaps",
                "read",
                "status",
                "verify",
                "storage-check",
                "copy",
                "compare",
                "combine",
                "links",
                "jshell")) {
            assertThat(help.out()).contains("  " + command + " ");
            Run one = run(command + " --help");
            assertThat(one.code()).isEqualTo(ExitCode.DONE);
            assertThat(one.out()).contains("Usage: candlewick " + command);
            assertThat(run("help " + command).out()).isEqualTo(one.out());
        }
    }

    private static void assertUsage(String line, String hint) {
        Run run = run(line);
        assertThat(run.code()).as(line).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).as(line).isEmpty();
        assertThat(run.err())
                .as(line)
                .contains(hint)
                .contains("Try 'candlewick")
                .doesNotContain("\tat ");
    }

    private Run backfill(String series, String start, String end) {
        return data("backfill --from binance:spot --to", series, start, end);
    }

    private Run data(String command, String series, String start, String end) {
        return run(range(command + " " + store, series, start, end));
    }

    private static String range(String command, String series, String start, String end) {
        return command + " --series " + series + " --start " + start + " --end " + end;
    }

    private static Run run(String line) {
        return Run.of(venue.environment(), line.split(" "));
    }

    private Path onlyDataFile() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("store"))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .reduce((a, b) -> {
                        throw new AssertionError("More than one: " + a + ", " + b);
                    })
                    .orElseThrow();
        }
    }

    private static List<PublishedCandle> published(String symbol, String start, String end) {
        return venue.candles(
                MarketType.SPOT,
                symbol,
                "1h",
                Instant.parse(start + "T00:00:00Z").toEpochMilli(),
                Instant.parse(end + "T00:00:00Z").toEpochMilli());
    }

    private static String csv(PublishedCandle candle) {
        return String.join(
                ",",
                Instant.ofEpochMilli(candle.openMillis()).toString(),
                plain(candle.open()),
                plain(candle.high()),
                plain(candle.low()),
                plain(candle.close()),
                plain(candle.volume()),
                Instant.ofEpochMilli(candle.closeMillis()).toString(),
                plain(candle.quoteVolume()),
                Long.toString(candle.trades()),
                plain(candle.takerBuyVolume()),
                plain(candle.takerBuyQuoteVolume()));
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
